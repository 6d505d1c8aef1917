import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallFaults } from '../../connections/testing/call-faults.ts';
import { conforms, type Side } from '../../connections/testing/conformance.ts';
import { PushSender } from '../../connections/testing/push-sender.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import type { TestKept } from '../../testing/brand.ts';
import { wholesaleConnector } from './connector.ts';
import { PartnerSimulator } from './simulator/partner.ts';
import { sftpServer } from './testing/sftp-server.ts';

const NAMES = { ours: 'NORTHOUT', theirs: 'KEPTBRAND' };
const NORTH = {
  code: 'north',
  standard: 'x12',
  ours: { qualifier: 'ZZ', id: NAMES.theirs },
  theirs: { qualifier: 'ZZ', id: NAMES.ours },
  customer: { name: 'North Outfitters' },
  items: { numbers: { 'UP:012345678905': 'MUG-RED' } },
};
const newFolder = () => mkdtemp(join(tmpdir(), 'kept-partner-'));

/** Orders of the partner's, by number, until one reads them; and what Kept made of them. */
function sideOf(partner: PartnerSimulator): Pick<Side, 'given' | 'total' | 'totalIn'> {
  return {
    async given(kept: TestKept) {
      await kept.call('PUT', '/v1/channels/wholesale', { title: 'Wholesale', kind: 'wholesale' });
      await kept.call('PUT', '/v1/locations/main', { title: 'Main', channels: ['wholesale'] });
      await kept.call('PUT', '/v1/items/MUG-RED', {
        title: 'Mug',
        price: { amount: 1000, currency: 'USD' },
      });
      const counted = { sku: 'MUG-RED', location: 'main', counted: 10_000, reason: 'opening' };
      await kept.call('POST', '/v1/stock/adjustments', counted);
    },
    total: async () => partner.ordered,
    async totalIn(kept) {
      await partner.read();
      if (partner.complaints.length > 0) throw new Error(partner.complaints.join('\n'));
      let units = 0;
      for (let n = 1; n <= 40; n++) {
        const { status, body } = await kept.call('GET', `/v1/orders/wholesale:north-PO-${n}`);
        if (status === 200) units += body.lines[0].ordered;
      }
      return units;
    },
  };
}

const overSftp = await testDatabase();
conforms('a partner with X12 over SFTP', overSftp.url, {
  connector: wholesaleConnector,
  async start() {
    const folder = await newFolder();
    const server = await sftpServer(folder, 'kept', 'secret');
    const partner = new PartnerSimulator(folder, NAMES);
    const { port, hostKey } = server;
    const faultsByTurn = ['duplicate', 'out_of_order', undefined] as const;
    const laidOut = { twice: 'duplicate', shuffled: 'out_of_order', dropped: 'missed' } as const;
    let trouble: keyof typeof laidOut | null = null;
    return {
      settings: {
        mailbox: { kind: 'sftp', host: '127.0.0.1', port, username: 'kept', hostKey, in: '/in', out: '/out' },
        partners: [NORTH],
      },
      secrets: { password: 'secret' },
      faults: {
        throttle: (calls) => server.cut(calls),
        fail: (calls) => server.fail(calls),
        hang: (calls) => server.hang(calls),
        pushes(next) {
          trouble = next;
        },
      },
      ...sideOf(partner),
      async happen(number) {
        const fault = trouble === null ? faultsByTurn[number % 3] : laidOut[trouble];
        if (fault !== undefined) partner.next(fault);
        await partner.order(`PO-${number}`, [{ line: '1', quantity: number, number: '012345678905' }]);
        // What is late or was lost comes by the time that the partner looks.
        if (fault === 'out_of_order' || trouble === null) await partner.sendAgain();
      },
      async close() {
        await server.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});

const overHttp = await testDatabase();
conforms('a partner whose gateway posts X12', overHttp.url, {
  connector: wholesaleConnector,
  async start(_clock, pushUrl) {
    const folder = await newFolder();
    await mkdir(join(folder, 'out'));
    const sender = new PushSender();
    const pushKey = 'a key that is long enough';
    const partner = new PartnerSimulator(folder, NAMES, (name, body) =>
      sender.send(() =>
        fetch(`${pushUrl}?file=${name}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${pushKey}`, 'content-type': 'application/edi-x12' },
          body,
        }),
      ),
    );
    const faults = new CallFaults();
    // The gateway: what is posted to it lies in the partner's folder, under its name once.
    const gateway = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const fault = faults.next();
      if (fault === 'hang_before') return;
      if (fault === 'throttled' || fault === 'error_before') {
        response.writeHead(fault === 'throttled' ? 429 : 503).end();
        return;
      }
      await writeFile(join(folder, 'out', String(request.headers['idempotency-key'])), Buffer.concat(chunks));
      if (fault !== 'hang_after') response.writeHead(200).end();
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    const side = sideOf(partner);
    return {
      settings: {
        mailbox: { kind: 'http', url: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/kept` },
        partners: [NORTH],
      },
      secrets: { pushKey },
      faults: {
        throttle: (calls) => faults.ask('throttled', calls),
        fail: (calls) => faults.ask('error_before', calls),
        hang: (calls) => faults.hang(calls),
        pushes(trouble) {
          sender.trouble = trouble;
        },
      },
      ...side,
      async happen(number) {
        await partner.order(`PO-${number}`, [{ line: '1', quantity: number, number: '012345678905' }]);
      },
      pushed: () => sender.delivered(),
      async totalIn(kept) {
        const units = await side.totalIn(kept);
        // What nobody acknowledged was lost on the way: the partner's people send it again.
        if (units !== partner.ordered && sender.trouble === null) await partner.sendAgain();
        return units;
      },
      async close() {
        gateway.closeAllConnections();
        await new Promise<void>((resolve) => gateway.close(() => resolve()));
        await rm(folder, { recursive: true });
      },
    };
  },
});
