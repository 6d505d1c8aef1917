import { type Bought, type Buying, CRATE } from '../../testing/buying.ts';
import { type Asked, type ErpServer, erpServer, Wrong } from '../../testing/erp-server.ts';
import { wallOf } from '../../zoned.ts';

type Row = Record<string, unknown> & { name: string };

export const SITE_ZONE = 'Asia/Kolkata';
const OLD = Date.parse('2026-03-01T00:00:00Z');
/** Of the types that are asked, the fields that a list may name. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Company: ['name', 'default_currency'],
  Supplier: ['name', 'supplier_name', 'modified'],
  Item: ['name', 'item_code', 'item_name', 'is_stock_item', 'standard_rate', 'valuation_rate', 'modified'],
  'Purchase Order': ['name', 'title', 'company', 'supplier', 'status', 'docstatus', 'modified'],
  'Purchase Receipt': ['name', 'company', 'supplier_delivery_note', 'docstatus', 'modified'],
};

/** ERPNext as its REST shows it: a site whose clock is not in UTC, names that sort as text, two documents a page. */
export async function erpnextServer(buying: Buying): Promise<ErpServer> {
  const receipts: (Row & { items: Row[] })[] = [];
  const stamp = (at: number) => `${wallOf(new Date(at).toISOString(), SITE_ZONE)}.000123`;
  const orderName = (order: Bought) => `PUR-ORD-2026-${order.id}`;
  const rowName = (id: number) => `row${id}`;
  const lineOf = (name: string) => buying.line(Number(name.replace('row', '')));

  const docs = (type: string): Row[] => {
    switch (type) {
      case 'Company':
        return [{ name: 'Brand', default_currency: 'USD' }];
      case 'Supplier':
        return buying.suppliers.map((name) => ({ name, supplier_name: `${name} Ltd`, modified: stamp(OLD) }));
      case 'Item':
        return buying.skus.map((name) => ({
          name,
          item_code: name,
          item_name: name.toLowerCase(),
          is_stock_item: 1,
          standard_rate: 19.99,
          valuation_rate: 6.1,
          modified: stamp(OLD),
        }));
      case 'Purchase Order':
        return buying.orders.map((order) => ({
          name: orderName(order),
          title: order.mark ?? order.supplier,
          company: 'Brand',
          supplier: order.supplier,
          transaction_date: '2026-03-01',
          schedule_date: order.lines[0]!.on,
          status: order.lines.every((line) => line.givenUp) ? 'Closed' : 'To Receive and Bill',
          docstatus: { draft: 0, confirmed: 1, cancelled: 2 }[order.stage],
          currency: 'USD',
          modified: stamp(Math.max(order.stamp, ...order.lines.map((line) => line.stamp))),
          items: order.lines.map((line, index) => ({
            name: rowName(line.id),
            idx: index + 1,
            item_code: line.sku,
            qty: line.quantity,
            received_qty: line.received,
            uom: 'Crate',
            stock_uom: 'Nos',
            conversion_factor: CRATE,
            stock_qty: line.quantity * CRATE,
            schedule_date: '2026-03-15',
            expected_delivery_date: line.on,
            warehouse: 'Stores - B',
            rate: 73.2,
          })),
        }));
      case 'Purchase Receipt':
        return receipts;
      default:
        throw new Wrong(404, `DocType ${type} not found`);
    }
  };

  const holds = (type: string, row: Row, filter: readonly unknown[]): boolean => {
    if (filter.length === 4) {
      const items = row.items as Row[];
      return items.some((item) => item[filter[1] as string] === filter[3]);
    }
    const [field, operator, value] = filter as [string, string, unknown];
    if (!FIELDS[type]!.includes(field)) throw new Wrong(417, `Field not permitted in query: ${field}`);
    const own = row[field];
    if (operator === '=') return own === value;
    if (operator === 'in') return (value as unknown[]).includes(own);
    if (operator === '>') return String(own) > String(value);
    if (operator === '>=') return String(own) >= String(value);
    throw new Wrong(417, `Operator must be one of =, in, >, >=: ${operator}`);
  };

  const list = (type: string, query: URLSearchParams) => {
    const fields = JSON.parse(query.get('fields')!) as string[];
    for (const field of fields)
      if (!FIELDS[type]?.includes(field)) throw new Wrong(417, `Field not permitted in query: ${field}`);
    const filters = JSON.parse(query.get('filters')!) as unknown[][];
    const found = docs(type).filter((row) => filters.every((filter) => holds(type, row, filter)));
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    const paged = fields.includes('modified') && fields.length === 2 ? found.slice(0, 2) : found;
    return paged.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? null])));
  };

  const create = (type: string, body: Record<string, unknown>) => {
    const items = body.items as Record<string, unknown>[];
    if (type === 'Purchase Order') {
      const lines = items.map((item) => ({
        sku: String(item.item_code),
        quantity: Number(item.qty) / CRATE,
        on: String(item.schedule_date),
      }));
      return { name: orderName(buying.order(lines, String(body.title))) };
    }
    if (type !== 'Purchase Receipt') throw new Wrong(403, `${type} is not made here`);
    const name = `MAT-PRE-2026-${buying.nextId()}`;
    for (const item of items) {
      const found = lineOf(String(item.purchase_order_item));
      if (found === undefined) throw new Wrong(417, 'Could not find Row of the Purchase Order');
      found.line.received += Number(item.qty);
      buying.touch(found.order, found.line);
    }
    receipts.push({ ...body, name, company: 'Brand', modified: stamp(buying.tick()), items: items as Row[] });
    return { name };
  };

  const answer = ({ method, path, query, headers, body }: Asked) => {
    if (headers.authorization !== 'token key:secret') throw new Wrong(401, 'AuthenticationError');
    const parts = path.split('/').slice(2).map(decodeURIComponent);
    if (parts[0] === 'method' && parts[1] === 'frappe.client.set_value') {
      if (body.doctype !== 'Purchase Order Item' || body.fieldname !== 'expected_delivery_date')
        throw new Wrong(417, `Not allowed to change ${body.fieldname} after submission`);
      const found = lineOf(body.name);
      if (found === undefined) throw new Wrong(404, 'DoesNotExistError');
      found.line.on = body.value;
      buying.touch(found.order, found.line);
      return { status: 200, body: { message: { name: body.name } } };
    }
    const [kind, type, name] = parts;
    if (kind !== 'resource' || type === undefined) throw new Wrong(404, 'Not found');
    if (method === 'POST') return { status: 200, body: { data: create(type, body) } };
    if (name === undefined) return { status: 200, body: { data: list(type, query) } };
    const found = docs(type).find((row) => row.name === name);
    if (found === undefined) throw new Wrong(404, `${type} ${name} not found`);
    return { status: 200, body: { data: found } };
  };
  return erpServer(answer, (status, told) => ({ exc_type: String(status), exception: told }));
}
