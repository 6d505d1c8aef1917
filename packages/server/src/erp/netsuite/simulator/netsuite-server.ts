import { constants, createPublicKey, verify } from 'node:crypto';
import { type Bought, type Buying, CRATE } from '../../testing/buying.ts';
import { type Asked, type ErpServer, erpServer, Wrong } from '../../testing/erp-server.ts';
import { wallOf } from '../../zoned.ts';

export const ACCOUNT_ZONE = 'America/Los_Angeles';
const OLD = Date.parse('2026-03-01T00:00:00Z');
const PIECE = '11';
const CRATES = '12';

/** Of the tables that are asked, the columns that SuiteQL knows. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  transaction: [
    'id',
    'type',
    'tranid',
    'externalid',
    'status',
    'trandate',
    'duedate',
    'entity',
    'currency',
    'lastmodifieddate',
  ],
  transactionline: [
    'uniquekey',
    'transaction',
    'id',
    'item',
    'quantity',
    'quantityshiprecv',
    'isclosed',
    'expectedreceiptdate',
    'rate',
    'location',
    'units',
    'mainline',
    'taxline',
    'createdfrom',
  ],
  item: ['id', 'itemid', 'displayname', 'itemtype', 'averagecost', 'stockunit', 'lastmodifieddate'],
  vendor: ['id', 'entityid', 'companyname', 'lastmodifieddate'],
  location: ['id', 'name'],
  currency: ['id', 'symbol'],
  pricing: ['item', 'pricelevel', 'quantity', 'unitprice'],
  unitstypeuom: ['internalid', 'conversionrate'],
};

export interface NetsuiteServer extends ErpServer {
  /** Lines' numbers are of their order: 1, 2, 3. */
  lineNumber(id: number): number;
}

type Row = Record<string, string | number | null>;

/** SuiteTalk REST as it is published: tokens of an hour for a signed assertion, SuiteQL only with `Prefer: transient`, two orders a page. */
export async function netsuiteServer(buying: Buying, publicKey: string): Promise<NetsuiteServer> {
  const receipts: { id: number; externalid: string; order: number; stamp: number }[] = [];
  let token: string | null = null;
  let tokens = 0;
  const stamp = (at: number) => wallOf(new Date(at).toISOString(), ACCOUNT_ZONE);
  const lineNumber = (id: number) => {
    const { order, line } = buying.line(id)!;
    return order.lines.indexOf(line) + 1;
  };

  const transactions = (): Row[] => [
    ...buying.orders.map((order) => ({
      id: order.id,
      type: 'PurchOrd',
      tranid: order.number,
      externalid: order.mark,
      status: order.stage === 'draft' ? 'A' : order.stage === 'cancelled' ? 'C' : 'B',
      trandate: '2026-03-01',
      duedate: order.lines[0]!.on,
      entityid: order.supplier,
      symbol: 'USD',
      stamp: stamp(Math.max(order.stamp, ...order.lines.map((line) => line.stamp))),
    })),
    ...receipts.map(({ id, externalid, stamp: at }) => ({
      id,
      type: 'ItemRcpt',
      externalid,
      tranid: `IR${id}`,
      stamp: stamp(at),
    })),
  ];
  const lines = (): Row[] =>
    buying.orders.flatMap((order) =>
      order.lines.map((line, index) => ({
        uniquekey: line.id,
        transaction: order.id,
        id: index + 1,
        // Both in the base unit, the piece, though it is bought by the crate.
        quantity: String(line.quantity * CRATE),
        quantityshiprecv: String(line.received * CRATE),
        isclosed: line.givenUp ? 'T' : 'F',
        expectedreceiptdate: line.on,
        rate: '73.2',
        itemid: line.sku,
        location: 'Main DC',
        stockunit: '1',
        lineunit: String(CRATE),
      })),
    );
  const catalog = (table: string): Row[] =>
    table === 'vendor'
      ? buying.suppliers.map((entityid, index) => ({
          id: index + 1,
          entityid,
          companyname: `${entityid} Ltd`,
          stamp: stamp(OLD),
        }))
      : table === 'item'
        ? buying.skus.map((itemid, index) => ({
            id: index + 1,
            itemid,
            displayname: itemid.toLowerCase(),
            averagecost: '6.1',
            unitprice: '19.99',
            stockunit: PIECE,
            stamp: stamp(OLD),
          }))
        : table === 'location'
          ? [{ id: 3, name: 'Main DC' }]
          : transactions();

  const query = (text: string, limit: number): Row[] => {
    checkColumns(text);
    const table = /FROM (\w+)/.exec(text)![1]!;
    const ids = /\b(?:t\.|i\.|l\.)?(id|transaction) IN \(([\d, ]+)\)/.exec(text);
    const wanted = ids === null ? null : new Set(ids[2]!.split(',').map(Number));
    if (table === 'transactionline' && text.includes('createdfrom'))
      return receipts.filter(({ id }) => wanted!.has(id)).map(({ order }) => ({ createdfrom: order }));
    if (table === 'transactionline') {
      const one = /l\.transaction = (\d+) AND l\.id = (\d+)/.exec(text);
      const after = Number(/l\.uniquekey > (\d+)/.exec(text)?.[1] ?? 0);
      return lines()
        .filter((line) =>
          one === null
            ? wanted!.has(Number(line.transaction)) && Number(line.uniquekey) > after
            : line.transaction === Number(one[1]) && line.id === Number(one[2]),
        )
        .slice(0, limit);
    }
    const type = /type = '(\w+)'/.exec(text)?.[1];
    const since = /lastmodifieddate >= TO_DATE\('([^']+)'/.exec(text)?.[1];
    const after = Number(/\bid > (\d+)/.exec(text)?.[1] ?? 0);
    const named = [...text.matchAll(/(externalid|tranid|entityid|name) = '([^']*)'/g)];
    const listed = /itemid IN \(([^)]*)\)/.exec(text)?.[1]?.match(/[^', ]+/g);
    const found = catalog(table).filter(
      (row) =>
        (type === undefined || table !== 'transaction' || row.type === type) &&
        (wanted === null || wanted.has(Number(row.id))) &&
        (since === undefined || String(row.stamp) >= since) &&
        Number(row.id) > after &&
        (named.length === 0 || named.some(([, column, value]) => row[column!] === value)) &&
        (listed === undefined || listed?.includes(String(row.itemid)) === true),
    );
    found.sort((a, b) => Number(a.id) - Number(b.id));
    return found.slice(0, /ORDER BY id$/.test(text) ? Math.min(limit, 2) : limit);
  };

  const makeOrder = (body: {
    externalId: string;
    item: { items: { item: { id: number }; quantity: number; units: string; expectedReceiptDate: string }[] };
  }) => {
    buying.order(
      body.item.items.map((line) => {
        if (line.units !== PIECE && line.units !== CRATES)
          throw new Wrong(400, 'Invalid field value for units');
        return {
          sku: buying.skus[Number(line.item.id) - 1]!,
          quantity: line.units === CRATES ? line.quantity : line.quantity / CRATE,
          on: line.expectedReceiptDate,
        };
      }),
      body.externalId,
    );
  };

  const orderOf = (id: number): Bought => {
    const order = buying.orders.find((one) => one.id === id);
    if (order === undefined) throw new Wrong(404, 'The record instance does not exist');
    return order;
  };

  const record = (
    method: string,
    path: string,
    body: Parameters<typeof makeOrder>[0] & { item: unknown },
  ) => {
    if (method === 'POST' && path === 'purchaseOrder') return makeOrder(body);
    const [, id, transform] = /^purchaseOrder\/(\d+)(\/!transform\/itemReceipt)?$/.exec(path) ?? [];
    if (id === undefined) throw new Wrong(404, `No such record ${path}`);
    const order = orderOf(Number(id));
    for (const told of (body.item as { items: Record<string, unknown>[] }).items) {
      const line = order.lines[Number(told.line ?? told.orderLine) - 1];
      if (line === undefined) throw new Wrong(400, 'Invalid line');
      if (transform === undefined) line.on = String(told.expectedReceiptDate);
      else line.received += Number(told.quantity);
      buying.touch(order, line);
    }
    if (transform !== undefined)
      receipts.push({
        id: buying.nextId(),
        externalid: body.externalId,
        order: order.id,
        stamp: buying.tick(),
      });
  };

  const grant = (text: string) => {
    const form = new URLSearchParams(text);
    const [head, claims, signature] = (form.get('client_assertion') ?? '').split('.');
    const key = createPublicKey(publicKey);
    const options = {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    const good =
      form.get('grant_type') === 'client_credentials' &&
      verify('sha256', Buffer.from(`${head}.${claims}`), options, Buffer.from(signature ?? '', 'base64url'));
    const { iss } = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString() || '{}');
    if (!good || iss !== 'client') throw new Wrong(400, 'invalid_grant');
    token = `token-${++tokens}`;
    return { status: 200, body: { access_token: token, expires_in: '3600', token_type: 'bearer' } };
  };

  const answer = ({ method, path, query: asked, headers, body }: Asked) => {
    const route = path.replace('/services/rest/', '');
    if (route === 'auth/oauth2/v1/token') return grant(body);
    if (token === null || headers.authorization !== `Bearer ${token}`) throw new Wrong(401, 'INVALID_LOGIN');
    if (route === 'query/v1/suiteql') {
      if (headers.prefer !== 'transient') throw new Wrong(400, 'The Prefer header must be transient');
      const items = query(body.q, Number(asked.get('limit') ?? 1000));
      return { status: 200, body: { links: [], count: items.length, hasMore: false, items } };
    }
    if (!route.startsWith('record/v1/')) throw new Wrong(404, 'Not found');
    record(method, route.replace('record/v1/', ''), body);
    return { status: 204, headers: { location: path } };
  };
  const told = (status: number, detail: string) => ({
    title: String(status),
    status,
    'o:errorDetails': [{ detail }],
  });
  const server = await erpServer(answer, told, () => {
    token = null;
  });
  return Object.assign(server, { lineNumber });
}

/** Every column that is named stands in a table that is named. */
function checkColumns(text: string): void {
  const tables = [...text.matchAll(/(?:FROM|JOIN) (\w+)(?: (\w+))?/g)].map(([, table, alias]) => ({
    table: table!,
    alias: alias !== undefined && !/^(WHERE|ON|LEFT|ORDER|JOIN)$/.test(alias) ? alias : table!,
  }));
  for (const { table } of tables)
    if (!(table in COLUMNS)) throw new Wrong(400, `Invalid or unsupported search: ${table}`);
  for (const [, alias, column] of text.replaceAll(/'[^']*'/g, "''").matchAll(/\b([a-z]+)\.(\w+)/g)) {
    const table = tables.find((one) => one.alias === alias)?.table;
    if (table === undefined || !COLUMNS[table]!.includes(column!))
      throw new Wrong(400, `Unknown identifier ${alias}.${column}`);
  }
}
