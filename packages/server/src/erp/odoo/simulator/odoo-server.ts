import type { Buying } from '../../testing/buying.ts';
import { CRATE } from '../../testing/buying.ts';
import { type Asked, type ErpServer, erpServer, Wrong } from '../../testing/erp-server.ts';
import { readCall, writeAnswer, writeFault } from '../xml-rpc.ts';

export interface OdooServer extends ErpServer {
  key: string;
}

type Row = Record<string, unknown>;

/** Of the models that are asked, the fields that Odoo has; 19 and the versions before it differ in the last two. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'res.partner': ['id', 'ref', 'name', 'supplier_rank', 'active', 'write_date'],
  'product.product': [
    'id',
    'default_code',
    'name',
    'type',
    'uom_id',
    'lst_price',
    'standard_price',
    'currency_id',
    'product_tmpl_id',
    'active',
    'write_date',
  ],
  'product.template': ['id', 'type', 'write_date'],
  'stock.warehouse': ['id', 'code', 'in_type_id'],
  'stock.picking.type': ['id', 'warehouse_id'],
  'stock.picking': ['id', 'state', 'note'],
  'purchase.order': [
    'id',
    'name',
    'origin',
    'state',
    'partner_id',
    'date_order',
    'date_approve',
    'currency_id',
    'picking_type_id',
    'write_date',
  ],
  'stock.move': [
    'id',
    'purchase_line_id',
    'state',
    'date',
    'picking_id',
    'product_uom',
    'product_id',
    'quantity',
    'picked',
    'write_date',
  ],
};
const LINE = [
  'id',
  'order_id',
  'product_id',
  'product_qty',
  'qty_received',
  'date_planned',
  'price_unit',
  'write_date',
];
const PIECE = 1;
const CRATES = 2;

/** Odoo as its external API shows it: JSON-2 of 19, or /jsonrpc and /xmlrpc/2 of the versions before it. At most two records a page. */
export async function odooServer(
  buying: Buying,
  protocol: 'json2' | 'jsonrpc' | 'xmlrpc',
): Promise<OdooServer> {
  const fieldsOf = (model: string): readonly string[] => {
    if (model === 'purchase.order.line')
      return [...LINE, protocol === 'json2' ? 'product_uom_id' : 'product_uom'];
    if (model === 'uom.uom')
      return protocol === 'json2' ? ['id', 'active', 'factor'] : ['id', 'active', 'factor', 'factor_inv'];
    const fields = FIELDS[model];
    if (fields === undefined) throw new Wrong(404, `the model ${model} does not exist`);
    return fields;
  };
  const notes = new Map<number, string>();
  const booked = new Map<number, number>();

  const call = (model: string, method: string, ids: readonly number[] | null, named: Row): unknown => {
    const fields = fieldsOf(model);
    switch (method) {
      case 'fields_get':
        return Object.fromEntries(fields.map((field) => [field, { type: 'char' }]));
      case 'search_read':
        return searchRead(model, fields, named);
      case 'create':
        return create(model, named);
      case 'write':
        for (const id of ids ?? []) write(model, id, named.vals as Row);
        return true;
      case 'button_validate':
        for (const id of ids ?? []) validate(id);
        return true;
      default:
        throw new Wrong(404, `${model} has no method ${method}`);
    }
  };

  const searchRead = (model: string, fields: readonly string[], named: Row) => {
    const asked = (named.fields as string[] | undefined) ?? fields;
    for (const field of asked)
      if (!fields.includes(field)) throw new Wrong(422, `Invalid field ${field} on ${model}`);
    const found = rowsOf(model, buying, { protocol, notes }).filter((row) =>
      matches(row, (named.domain as unknown[] | undefined) ?? [], fields, model),
    );
    found.sort((a, b) => (a.id as number) - (b.id as number));
    const paged = named.order === 'id asc' ? found.slice(0, Math.min(Number(named.limit), 2)) : found;
    return paged.map((row) =>
      Object.fromEntries(['id', ...asked].map((field) => [field, row[field] ?? false])),
    );
  };

  const create = (model: string, named: Row) => {
    if (model !== 'purchase.order') throw new Wrong(403, `${model} is not made here`);
    return (named.vals_list as Row[]).map((values) => {
      const lines = (values.order_line as [number, number, Row][]).map(([, , line]) => {
        if (line.product_uom_id === undefined && line.product_uom === undefined)
          throw new Wrong(422, 'a line without its unit of measure');
        const sku = buying.skus[Number(line.product_id) - 1]!;
        return {
          sku,
          quantity: Number(line.product_qty) / CRATE,
          on: String(line.date_planned).slice(0, 10),
        };
      });
      return buying.order(lines, String(values.origin)).id;
    });
  };

  const write = (model: string, id: number, vals: Row) => {
    if (model === 'purchase.order.line') {
      const found = buying.line(id);
      if (found === undefined) throw new Wrong(404, `there is no line ${id}`);
      found.line.on = String(vals.date_planned).slice(0, 10);
      buying.touch(found.order, found.line);
    } else if (model === 'stock.picking') notes.set(id, String(vals.note));
    else if (model === 'stock.move' && vals.quantity !== undefined) booked.set(id, Number(vals.quantity));
  };

  const validate = (id: number) => {
    for (const { lines } of buying.orders.filter((order) => order.id === id))
      for (const line of lines) {
        const quantity = booked.get(line.id);
        if (quantity === undefined) continue;
        line.received += quantity;
        booked.delete(line.id);
        buying.touch(buying.line(line.id)!.order, line);
      }
  };

  const answer = (asked: Asked) => {
    if (protocol === 'json2') {
      const [, model, method] = /^\/json\/2\/([\w.]+)\/(\w+)$/.exec(asked.path) ?? [];
      if (asked.headers.authorization !== `bearer ${one.key}`) throw new Wrong(401, 'Invalid apikey');
      if (asked.headers['x-odoo-database'] !== 'brand') throw new Wrong(404, 'no such database');
      const { ids = null, context: _context, ...named } = asked.body as { ids?: number[]; context?: unknown };
      return { status: 200, body: call(model!, method!, ids, named) };
    }
    if (protocol === 'xmlrpc') return answerXml(asked);
    if (asked.path !== '/jsonrpc') throw new Wrong(404, 'Not Found');
    const { service, method, args } = asked.body.params;
    const failed = (name: string, message: string) => ({
      status: 200,
      body: {
        jsonrpc: '2.0',
        id: 1,
        error: { code: 200, message: 'Odoo Server Error', data: { name, message } },
      },
    });
    const told = (result: unknown) => ({ status: 200, body: { jsonrpc: '2.0', id: 1, result } });
    try {
      return told(called(service, method, args));
    } catch (error) {
      return error instanceof Denied
        ? failed('odoo.exceptions.AccessDenied', 'Access Denied')
        : failed('odoo.exceptions.UserError', (error as Error).message);
    }
  };

  /** A service's method, with what the older protocols pass on. */
  const called = (service: string, method: string, args: readonly unknown[]): unknown => {
    if (service === 'common' && method === 'authenticate')
      return args[1] === 'buyer' && args[2] === one.key ? 7 : false;
    const [, user, key, model, name, positional, named] = args as [
      string,
      number,
      string,
      string,
      string,
      [number[]?],
      Row,
    ];
    if (user !== 7 || key !== one.key) throw new Denied();
    return call(model, name, positional[0] ?? null, named);
  };

  const answerXml = (asked: Asked) => {
    const [, service] = /^\/xmlrpc\/2\/(common|object)$/.exec(asked.path) ?? [];
    if (service === undefined) throw new Wrong(404, 'Not Found');
    const { method, params } = readCall(String(asked.body));
    const said = (text: string) => ({ status: 200, body: text, headers: { 'content-type': 'text/xml' } });
    try {
      return said(writeAnswer(called(service, method, params)));
    } catch (error) {
      return said(
        error instanceof Denied ? writeFault(3, 'Access Denied') : writeFault(2, (error as Error).message),
      );
    }
  };
  const server = await erpServer(answer, (status, words) => ({ name: String(status), message: words }));
  const one: OdooServer = Object.assign(server, { key: 'key' });
  return one;
}

class Denied extends Error {}

const stampText = (stamp: number) => new Date(stamp).toISOString().slice(0, 19).replace('T', ' ');

function rowsOf(
  model: string,
  buying: Buying,
  { protocol, notes }: { protocol: string; notes: ReadonlyMap<number, string> },
): Row[] {
  const old = stampText(Date.parse('2026-03-01T00:00:00Z'));
  const { orders, skus, suppliers } = buying;
  const lines = orders.flatMap((order) => order.lines.map((line) => ({ order, line })));
  switch (model) {
    case 'res.partner':
      return suppliers.map((ref, index) => ({
        id: index + 1,
        ref,
        name: `${ref} Ltd`,
        supplier_rank: 1,
        active: true,
        write_date: old,
      }));
    case 'product.product':
      return skus.map((sku, index) => ({
        id: index + 1,
        default_code: sku,
        name: sku.toLowerCase(),
        type: 'consu',
        uom_id: [PIECE, 'Units'],
        lst_price: 19.99,
        standard_price: 6.1,
        currency_id: [1, 'USD'],
        product_tmpl_id: [index + 1, sku],
        active: true,
        write_date: old,
      }));
    case 'product.template':
      return skus.map((_, index) => ({ id: index + 1, type: 'consu', write_date: old }));
    case 'uom.uom':
      // Before 19 a crate is "0.083333… of it are one unit", and its inverse beside it.
      return protocol === 'json2'
        ? [
            { id: PIECE, active: true, factor: 1 },
            { id: CRATES, active: true, factor: CRATE },
          ]
        : [
            { id: PIECE, active: true, factor: 1, factor_inv: 1 },
            { id: CRATES, active: true, factor: 1 / CRATE, factor_inv: CRATE },
          ];
    case 'stock.warehouse':
      return [{ id: 1, code: 'WH', in_type_id: [1, 'Receipts'] }];
    case 'stock.picking.type':
      return [{ id: 1, warehouse_id: [1, 'WH'] }];
    case 'stock.picking':
      return orders.map(({ id }) => ({ id, state: 'assigned', note: notes.get(id) ?? '' }));
    case 'purchase.order':
      return orders.map((order) => ({
        id: order.id,
        name: order.number,
        origin: order.mark ?? false,
        state: { draft: 'draft', confirmed: 'purchase', cancelled: 'cancel' }[order.stage],
        partner_id: [suppliers.indexOf(order.supplier) + 1, order.supplier],
        date_order: '2026-03-01 08:00:00',
        date_approve: order.stage === 'draft' ? false : '2026-03-01 09:00:00',
        currency_id: [1, 'USD'],
        picking_type_id: [1, 'Receipts'],
        write_date: stampText(order.stamp),
      }));
    case 'purchase.order.line':
      return lines.map(({ order, line }) => ({
        id: line.id,
        order_id: [order.id, order.number],
        product_id: [skus.indexOf(line.sku) + 1, line.sku],
        product_qty: line.quantity,
        qty_received: line.received,
        date_planned: `${line.on} 12:00:00`,
        price_unit: 73.2,
        [protocol === 'json2' ? 'product_uom_id' : 'product_uom']: [CRATES, 'Crate'],
        write_date: stampText(line.stamp),
      }));
    case 'stock.move':
      return lines
        .filter(({ order }) => order.stage === 'confirmed')
        .map(({ order, line }) => ({
          id: line.id,
          purchase_line_id: [line.id, 'line'],
          state: line.givenUp ? 'cancel' : 'assigned',
          date: `${line.on} 12:00:00`,
          picking_id: [order.id, 'picking'],
          product_uom: [CRATES, 'Crate'],
          product_id: [skus.indexOf(line.sku) + 1, line.sku],
          write_date: stampText(line.stamp),
        }));
    default:
      return [];
  }
}

/** Odoo's domains, in the prefix notation that is used: conditions joined by "and", "|" and "&" before their two. */
function matches(row: Row, domain: unknown[], fields: readonly string[], model: string): boolean {
  let at = 0;
  const one = (): boolean => {
    const term = domain[at++];
    if (term === '|' || term === '&') {
      const [left, right] = [one(), one()];
      return term === '|' ? left || right : left && right;
    }
    const [field, operator, value] = term as [string, string, unknown];
    if (!fields.includes(field)) throw new Wrong(422, `Invalid field ${field} in the domain of ${model}`);
    const told = row[field] ?? false;
    const own = Array.isArray(told) ? told[0] : told;
    switch (operator) {
      case '=':
        return own === value;
      case '!=':
        return own !== value;
      case '>':
        return (own as number) > (value as number);
      case '>=':
        return String(own) >= String(value);
      case 'in':
        return (value as unknown[]).includes(own);
      case 'not in':
        return !(value as unknown[]).includes(own);
      case 'ilike':
        return String(own).toLowerCase().includes(String(value).toLowerCase());
      default:
        throw new Wrong(422, `Invalid operator ${operator}`);
    }
  };
  let holds = true;
  while (at < domain.length) holds = one() && holds;
  return holds;
}
