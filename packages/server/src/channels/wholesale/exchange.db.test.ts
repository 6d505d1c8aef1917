import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, givenShop, purchaseOrder, type TestKept, testKept } from '../../testing/brand.ts';
import { carryOut, tellAvailability } from './act.ts';
import type { Exchange } from './exchange.ts';
import { sendFiles, takeFiles } from './exchange.ts';
import { folderMailbox } from './mailbox/folder.ts';
import { NORTH, order850, ordersEdifact, SUED, x12File } from './testing/fixtures.ts';
import { exchangeOnce, tell } from './testing/mini-frame.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let kept: TestKept;
let folder: string;
let exchange: Exchange;
const box = () => folderMailbox({ in: join(folder, 'in'), out: join(folder, 'out') });

beforeEach(async () => {
  database = await testDatabase();
  kept = await testKept(database.url);
  await givenShop(kept, { 'MUG-RED': 10, 'MUG-BLUE': 0 });
  await kept.call('PUT', '/v1/suppliers/acme', { title: 'Acme' });
  folder = await mkdtemp(join(tmpdir(), 'kept-edi-'));
  await box().list();
  exchange = { kept: kept.kept, brandId: 1, connection: 'partners', partners: [NORTH, SUED] };
});
afterEach(async () => {
  expect(await faultsOf(kept.kept)).toEqual([]);
  await kept.close();
  await rm(folder, { recursive: true, force: true });
});

const put = (name: string, text: string) => writeFile(join(folder, 'in', name), text);
const look = () => exchangeOnce(kept, exchange, box());
/** What was sent, by type, each as its segments between the envelopes. */
async function sent(type: string): Promise<string[][]> {
  const names = (await readdir(join(folder, 'out')).catch(() => []))
    .filter((one) => one.includes(`-${type}-`))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, 'out', name), 'latin1');
      const segments = text
        .split(/[~']/)
        .map((one) => one.trim())
        .filter((one) => one !== '');
      return segments.filter((one) => !/^(ISA|GS|ST|SE|GE|IEA|UNA|UNB|UNH|UNT|UNZ)\b/.test(one));
    }),
  );
}
const signals = async () =>
  (await kept.call('GET', '/v1/signals?kind=partner_message')).body.items.map(
    (one: { words: string }) => one.words,
  );

describe('an 850', () => {
  test('that is on the shelf is acknowledged, and accepted line by line', async () => {
    await put('a.x12', order850('PO-1', [{ quantity: 4 }], { dates: [['010', '2026-03-06']] }));
    await look();
    expect(await sent('997')).toEqual([['AK1*PO*1', 'AK2*850*0001', 'AK5*A', 'AK9*A*1*1*1']]);
    const [answer] = await sent('855');
    expect(answer![0]).toMatch(/^BAK\*00\*AD\*PO-1\*20260302\*\*\*\*\d+\*20260302$/);
    expect(answer!.slice(1)).toEqual([
      'PO1*1*4*EA*12.00**UP*012345678905',
      'ACK*IA*4*EA*068*20260306',
      'CTT*1',
    ]);
    expect((await kept.call('GET', '/v1/orders/wholesale:north-PO-1')).body.lines).toMatchObject([
      { sku: 'MUG-RED', ordered: 4 },
    ]);
  });

  test('that is part here and part on its way is split, with a day for each part', async () => {
    await kept.call('PUT', '/v1/purchase-orders/P1', purchaseOrder('MUG-RED', 50, '2026-03-23'));
    await put('a.x12', order850('PO-1', [{ quantity: 25 }]));
    await look();
    const [answer] = await sent('855');
    const acks = answer!.filter((one) => one.startsWith('ACK'));
    expect(answer![0]).toMatch(/^BAK\*00\*AC/);
    expect(acks[0]).toBe('ACK*BP*10*EA*068*20260302');
    expect(acks[1]).toMatch(/^ACK\*IB\*15\*EA\*068\*2026\d{4}$/);
    expect(acks).toHaveLength(2);
  });

  test('of which only a part can be had has its quantity changed, and the rest rejected', async () => {
    await put('a.x12', order850('PO-1', [{ quantity: 25 }]));
    await look();
    const [answer] = await sent('855');
    expect(answer!.filter((one) => one.startsWith('ACK'))).toEqual([
      'ACK*IQ*10*EA*068*20260302',
      'ACK*IR*15*EA',
    ]);
  });

  test('of which nothing can be had in its window is rejected', async () => {
    await kept.call('PUT', '/v1/purchase-orders/P1', purchaseOrder('MUG-BLUE', 50, '2026-05-01'));
    await put(
      'a.x12',
      order850('PO-1', [{ number: ['VN', 'MUG-BLUE'] }], {
        dates: [
          ['037', '2026-03-10'],
          ['001', '2026-04-15'],
        ],
      }),
    );
    await look();
    const [answer] = await sent('855');
    expect(answer).toEqual([
      expect.stringMatching(/^BAK\*00\*RD/),
      'PO1*1*5*EA*12.00**VN*MUG-BLUE',
      'ACK*IR*5*EA',
      'CTT*1',
    ]);
  });

  test('is not released before its window, and its windows are shown in the queue', async () => {
    await kept.call('PUT', '/v1/purchase-orders/P1', purchaseOrder('MUG-BLUE', 50, '2026-03-16'));
    await put(
      'a.x12',
      order850('PO-1', [{ number: ['VN', 'MUG-BLUE'] }], {
        dates: [
          ['037', '2026-04-10'],
          ['001', '2026-05-15'],
        ],
      }),
    );
    await look();
    const [answer] = await sent('855');
    expect(answer).toContain('ACK*IA*5*EA*068*20260410');
    const { items } = (await kept.call('GET', '/v1/backorders')).body;
    expect(items).toMatchObject([
      { order: 'wholesale:north-PO-1', notBefore: '2026-04-10', cancelAfter: '2026-05-15' },
    ]);
  });

  test('for an item, a unit or a price that is not agreed waits for a person, and is taken once that is mended', async () => {
    await put(
      'a.x12',
      order850('PO-1', [{ number: ['UP', '999'] }, { line: '2', unit: 'BX' }, { line: '3', price: '9.00' }]),
    );
    await look();
    expect(await sent('997')).toHaveLength(1);
    expect(await sent('855')).toEqual([]);
    const [words] = await signals();
    expect(words).toContain(
      '850 PO-1 of north waits for a person: Line 1: no item is known by UP "999". Line 2: unit "BX" is not agreed with north. Line 3: price 9.00 is not the 12.00',
    );
    exchange = {
      ...exchange,
      partners: [
        {
          ...NORTH,
          items: { ...NORTH.items, numbers: { ...NORTH.items.numbers, 'UP:999': 'MUG-RED' } },
          units: { ...NORTH.units, BX: null },
          prices: {},
        },
        SUED,
      ],
    };
    const { items } = (await kept.call('GET', '/v1/partner-messages?state=task')).body;
    expect((await kept.call('POST', `/v1/partner-messages/${items[0].id}/retry`)).status).toBe(200);
    await look();
    expect(await sent('855')).toHaveLength(1);
    expect(await signals()).toEqual([]);
  });
});

describe('a file is taken exactly once', () => {
  test('the same again changes nothing, and other content under its number is told apart', async () => {
    await put('a.x12', order850('PO-1', [{ quantity: 2 }]));
    await look();
    await put('again.x12', order850('PO-1', [{ quantity: 2 }]));
    await put('other.x12', order850('PO-1', [{ quantity: 9 }]));
    await look();
    expect((await readdir(join(folder, 'in', '.taken'))).sort()).toEqual(['conflict', 'duplicate', 'taken']);
    expect(await sent('855')).toHaveLength(1);
    expect((await kept.call('GET', '/v1/orders/wholesale:north-PO-1')).body.lines[0].ordered).toBe(2);
    expect(await signals()).toEqual(['Interchange 000000001 of north was taken before, with other content.']);
  });

  test('also when it is still there after it was taken', async () => {
    await put('a.x12', order850('PO-1'));
    // It crashed between taking it and putting it aside.
    await takeFiles(exchange, { ...box(), settle: async () => {} });
    await look();
    await look();
    expect(await sent('997')).toHaveLength(1);
    expect(await sent('855')).toHaveLength(1);
  });

  test('and by one of two processes', async () => {
    const other = await testKept(database.url, kept.clock);
    for (let n = 1; n <= 10; n++)
      await put(`${n}.x12`, order850(`PO-${n}`, [{ quantity: 1 }], { control: String(n) }));
    await Promise.all([
      look(),
      exchangeOnce(other, { ...exchange, kept: other.kept }, box()).catch(() => {}),
    ]);
    await look();
    expect((await kept.call('GET', '/v1/orders/wholesale:north-PO-10')).body.lines[0].ordered).toBe(1);
    expect(await sent('997')).toHaveLength(10);
    expect(await sent('855')).toHaveLength(10);
    await other.close();
  });

  test('a file that somebody still writes is left until it is whole', async () => {
    const text = order850('PO-1');
    await put('a.x12', text.slice(0, 300));
    await put('b.x12.tmp', text);
    await look();
    expect((await readdir(join(folder, 'in'))).sort()).toEqual(
      ['.taken', 'a.x12', 'b.x12.tmp'].filter((one) => one !== '.taken'),
    );
    await put('a.x12', text);
    await look();
    await rename(join(folder, 'in', 'b.x12.tmp'), join(folder, 'in', 'b.x12'));
    await look();
    expect(await sent('855')).toHaveLength(1);
  });

  test('one that is no message is kept, and a person told', async () => {
    await put('letter.txt', 'Dear sirs, we should like IEA~ to order …');
    await look();
    expect(await readdir(join(folder, 'in', '.taken'))).toEqual(['unreadable']);
    expect(await signals()).toEqual([
      expect.stringContaining('A file could not be read: The file begins with'),
    ]);
  });
});

test('an 860 changes the order, and is answered; one that cancels ends it', async () => {
  await put('a.x12', order850('PO-1', [{ quantity: 4 }, { line: '2', quantity: 3 }]));
  await look();
  const change = (control: string, body: string[]) => x12File(body, { control, set: '860', group: 'PC' });
  await put(
    'b.x12',
    change('2', [
      'BCH*04*SA*PO-1**C1*20260302',
      'POC*1*QD*2**EA*12.00**UP*012345678905',
      'POC*2*DI*0**EA*12.00**UP*012345678905',
      'CTT*2',
    ]),
  );
  await look();
  const order = (await kept.call('GET', '/v1/orders/wholesale:north-PO-1')).body;
  expect(order.lines).toMatchObject([{ open: 2 }, { open: 0, cancelled: 3 }]);
  const [answer] = await sent('865');
  expect(answer![0]).toMatch(/^BCA\*04\*AC\*PO-1\*\*C1\*20260302/);
  await put('c.x12', change('3', ['BCH*01*SA*PO-1**C2*20260302']));
  await look();
  expect((await kept.call('GET', '/v1/orders/wholesale:north-PO-1')).body.lines).toMatchObject([
    { open: 0 },
    { open: 0 },
  ]);
  expect(await sent('865')).toHaveLength(2);
});

test('a day that slips is told by an 865, what leaves by an 856, and what did not change by nothing', async () => {
  await kept.call('PUT', '/v1/purchase-orders/P1', purchaseOrder('MUG-RED', 50, '2026-03-23'));
  await put('a.x12', order850('PO-1', [{ quantity: 25 }]));
  await look();
  const name = '/v1/orders/wholesale:north-PO-1';
  const order = { channel: 'wholesale', ref: 'north-PO-1' };
  await tell(exchange, order, { news: 'moved', state: (await kept.call('GET', name)).body });
  await sendFiles(exchange, box());
  expect(await sent('865')).toEqual([]);
  await kept.call('POST', '/v1/purchase-orders/P1/revisions', {
    line: 1,
    expectedOn: '2026-05-04',
    reason: 'freight',
  });
  await tell(exchange, order, { news: 'moved', state: (await kept.call('GET', name)).body });
  await sendFiles(exchange, box());
  const [news] = await sent('865');
  expect(news![0]).toMatch(/^BCA\*04\*AC\*PO-1\*\*\*20260302/);
  expect(news!.filter((one) => one.startsWith('POC'))).toEqual(['POC*1*RS*25*25*EA*12.00**UP*012345678905']);
  expect(news!.filter((one) => one.startsWith('ACK'))[1]).toMatch(/^ACK\*IB\*15\*EA\*068\*20260[56]/);
  await kept.call('POST', `${name}/shipments`, { lines: [{ line: '1', quantity: 10 }] });
  await carryOut(exchange, {
    kind: 'confirm_shipment',
    id: 's1',
    at: '',
    order,
    lines: [{ line: '1', sku: 'MUG-RED', quantity: 10 }],
    carrier: 'UPS',
    tracking: '1Z9',
    shippedAt: '2026-03-03T10:00:00Z',
  });
  await tell(exchange, order, { news: 'moved', state: (await kept.call('GET', name)).body });
  await sendFiles(exchange, box());
  const [notice] = await sent('856');
  expect(notice).toContain('PRF*PO-1***20260302');
  expect(notice).toContain('SN1*1*10*EA*10*25*EA**BP');
  expect(await sent('865')).toHaveLength(1);
});

test('availability is told of what the partner buys', async () => {
  const availability = (sku: string) => ({
    sku,
    now: 6,
    later: [{ quantity: 12, shipBy: '2026-04-01' }],
    asOf: '2026-03-02T09:00:00Z',
  });
  await tellAvailability(exchange, [availability('MUG-RED'), availability('OTHER')]);
  await tellAvailability(exchange, [availability('MUG-RED'), availability('OTHER')]);
  await sendFiles(exchange, box());
  expect(await sent('846')).toEqual([
    [
      expect.stringMatching(/^BIA\*00\*MB\*A1\*20260302\*0900/),
      'LIN*1*UP*012345678905*VN*MUG-RED',
      'QTY*33*6*EA',
      'QTY*29*12*EA',
      'DTM*018*20260401',
      'CTT*1',
    ],
  ]);
});

test('an ORDERS is answered with CONTRL and ORDRSP, and a partner’s word on ours is kept', async () => {
  await kept.call('PUT', '/v1/purchase-orders/P1', purchaseOrder('MUG-RED', 50, '2026-03-23'));
  await put('a.edi', ordersEdifact('4711', [{ quantity: 25 }]));
  await look();
  expect(await sent('CONTRL')).toEqual([
    ['UCI+1+4398765000004:14+4012345000009:14+7', 'UCM+1+ORDERS:D:96A:UN:EAN008+7'],
  ]);
  const [answer] = await sent('ORDRSP');
  expect(answer).toContain('LIN+1+3+4012345678901:EN');
  expect(answer).toContain('QTY+113:10:PCE');
  expect(answer).toContain('QTY+83:15:PCE');
  expect((await kept.call('GET', '/v1/orders/wholesale:sued-4711')).body.lines[0].ordered).toBe(25);
  const number = (await readdir(join(folder, 'out')))
    .find((one) => one.includes('ORDRSP'))!
    .match(/-(\d+)\.edi/)![1]!;
  await put(
    'c.edi',
    `UNB+UNOC:3+4398765000004:14+4012345000009:14+260302:1000+9'UNH+1+CONTRL:D:3:UN'UCI+${Number(number)}+4012345000009:14+4398765000004:14+4+12'UNT+3+1'UNZ+1+9'`,
  );
  await look();
  expect(await signals()).toEqual([expect.stringContaining('sued rejected our ORDRSP for order 4711')]);
});
