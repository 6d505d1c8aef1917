import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conforms } from '../../connections/testing/conformance.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { wholesaleConnector } from './connector.ts';
import { PartnerSimulator } from './simulator/partner.ts';
import { sftpServer } from './testing/sftp-server.ts';

const { url } = await testDatabase();

const NAMES = { ours: 'NORTHOUT', theirs: 'KEPTBRAND' };

conforms('a partner with X12 over SFTP', url, {
  connector: wholesaleConnector,
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'kept-partner-'));
    const server = await sftpServer(folder, 'kept', 'secret');
    const partner = new PartnerSimulator(folder, NAMES);
    const { port, hostKey } = server;
    const faultsByTurn = ['duplicate', 'out_of_order', undefined] as const;
    return {
      settings: {
        mailbox: { kind: 'sftp', host: '127.0.0.1', port, username: 'kept', hostKey, in: '/in', out: '/out' },
        partners: [
          {
            code: 'north',
            standard: 'x12',
            ours: { qualifier: 'ZZ', id: NAMES.theirs },
            theirs: { qualifier: 'ZZ', id: NAMES.ours },
            customer: { name: 'North Outfitters' },
            items: { numbers: { 'UP:012345678905': 'MUG-RED' } },
          },
        ],
      },
      secrets: { password: 'secret' },
      faults: { throttle: (calls) => server.cut(calls), fail: (calls) => server.fail(calls) },
      async given(kept) {
        await kept.call('PUT', '/v1/channels/wholesale', { title: 'Wholesale', kind: 'wholesale' });
        await kept.call('PUT', '/v1/locations/main', { title: 'Main', channels: ['wholesale'] });
        await kept.call('PUT', '/v1/items/MUG-RED', {
          title: 'Mug',
          price: { amount: 1000, currency: 'USD' },
        });
        const counted = { sku: 'MUG-RED', location: 'main', counted: 10_000, reason: 'opening' };
        await kept.call('POST', '/v1/stock/adjustments', counted);
      },
      async happen(number) {
        const fault = faultsByTurn[number % 3];
        if (fault !== undefined) partner.next(fault);
        await partner.order(`PO-${number}`, [{ line: '1', quantity: number, number: '012345678905' }]);
        // What is late comes by the time that the partner looks.
        if (fault === 'out_of_order') await partner.sendAgain();
      },
      total: async () => partner.ordered,
      async totalIn(kept) {
        await partner.read();
        if (partner.complaints.length > 0) throw new Error(partner.complaints.join('\n'));
        let units = 0;
        for (let n = 1; n <= 30; n++) {
          const { status, body } = await kept.call('GET', `/v1/orders/wholesale:north-PO-${n}`);
          if (status === 200) units += body.lines[0].ordered;
        }
        return units;
      },
      async close() {
        await server.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});
