import type { Row, TrytonRpc } from '../rpc.ts';
import { Day, Decimal } from '../values.ts';

/** What a buyer does in Tryton, in the steps that its client makes. */
export class TrytonDesk {
  readonly #rpc: TrytonRpc;
  constructor(rpc: TrytonRpc) {
    this.#rpc = rpc;
  }

  /** A company with a currency, where there is none yet. */
  async company(): Promise<void> {
    if ((await this.#rpc.read('company.company', [], ['id'])).length > 0) return;
    const rates = [['create', [{ date: new Day('2020-01-01'), rate: new Decimal('1') }]]];
    const currency = await this.#make('currency.currency', {
      name: 'US dollar',
      symbol: '$',
      code: 'USD',
      rates,
    });
    const party = await this.#make('party.party', { name: 'A brand' });
    const company = await this.#make('company.company', { party, currency });
    const [{ id: user } = { id: 1 }] = await this.#rpc.read('res.user', [['login', '=', 'admin']], ['id']);
    await this.#rpc.call('res.user', 'write', [[user], { companies: [['add', [company]]], company }]);
  }

  supplier(code: string, name: string): Promise<number> {
    return this.#make('party.party', { code, name, addresses: [['create', [{ city: 'Porto' }]]] });
  }

  /** @param unitId of the unit in which it is kept and bought; the piece unless told */
  async product(code: string, name: string, unitId?: number): Promise<number> {
    const unit = unitId ?? (await this.unit('Unit'));
    const template = await this.#make('product.template', {
      name,
      type: 'goods',
      default_uom: unit,
      list_price: new Decimal('19.99'),
      purchasable: true,
      purchase_uom: unit,
      products: [['create', [{ suffix_code: code, cost_price: new Decimal('6.10') }]]],
    });
    const [row] = await this.#rpc.read('product.product', [['template', '=', template]], ['code']);
    return row!.id as number;
  }

  /** A unit of so many of the pieces, made where it is not there. */
  async unit(name: string, factor = 1): Promise<number> {
    const [known] = await this.#rpc.read('product.uom', [['name', '=', name]], ['id']);
    if (known !== undefined) return known.id as number;
    const [piece] = await this.#rpc.read('product.uom', [['name', '=', 'Unit']], ['category']);
    const { category } = piece!;
    const rate = Number((1 / factor).toFixed(12));
    return this.#make('product.uom', {
      name,
      symbol: name.slice(0, 10),
      category,
      factor,
      rate,
      rounding: 1,
      digits: 0,
    });
  }

  async purchase(
    supplier: number,
    lines: readonly { product: number; quantity: number; on: string; unit?: number }[],
  ): Promise<{ id: number; lines: readonly number[] }> {
    const [address] = await this.#rpc.read('party.address', [['party', '=', supplier]], ['id']);
    const unit = await this.unit('Unit');
    const created = lines.map((line) => ({
      type: 'line',
      product: line.product,
      quantity: line.quantity,
      unit: line.unit ?? unit,
      unit_price: new Decimal('6.10'),
      delivery_date_edit: true,
      delivery_date_store: new Day(line.on),
    }));
    const id = await this.#make('purchase.purchase', {
      party: supplier,
      invoice_address: address!.id,
      invoice_method: 'manual',
      lines: [['create', created]],
    });
    const rows = await this.#rpc.read('purchase.line', [['purchase', '=', id]], ['id'], {
      order: [['id', 'ASC']],
    });
    return { id, lines: rows.map((row) => row.id as number) };
  }

  /** quote, confirm, process, cancel, draft */
  press(button: string, purchase: number): Promise<unknown> {
    return this.#rpc.call('purchase.purchase', button, [[purchase]]);
  }

  async number(purchase: number): Promise<string> {
    const [row] = await this.#rpc.read('purchase.purchase', [['id', '=', purchase]], ['number']);
    return row!.number as string;
  }

  moves(line: number): Promise<readonly Row[]> {
    return this.#rpc.read(
      'stock.move',
      [['origin', '=', `purchase.line,${line}`]],
      ['state', 'quantity', 'planned_date'],
      { order: [['id', 'ASC']] },
    );
  }

  async slip(line: number, on: string): Promise<void> {
    const open = (await this.moves(line)).filter((move) => move.state === 'draft');
    const ids = open.map((move) => move.id);
    await this.#rpc.call('stock.move', 'write', [ids, { planned_date: new Day(on) }]);
  }

  /** A lorry came with so many of a line's open delivery. */
  async receive(supplier: number, line: number, quantity: number): Promise<void> {
    const open = (await this.moves(line)).find((move) => move.state === 'draft')!;
    const shipment = await this.#make('stock.shipment.in', { supplier });
    const values = { quantity, shipment: `stock.shipment.in,${shipment}` };
    await this.#rpc.call('stock.move', 'write', [[open.id], values]);
    await this.#rpc.call('stock.shipment.in', 'receive', [[shipment]]);
    await this.#rpc.call('stock.shipment.in', 'done', [[shipment]]);
  }

  /** What of a line was still to come will not. */
  async giveUp(line: number): Promise<void> {
    const open = (await this.moves(line)).filter((move) => move.state === 'draft');
    const ids = open.map((move) => move.id);
    await this.#rpc.call('stock.move', 'cancel', [ids]);
  }

  async #make(model: string, values: Record<string, unknown>): Promise<number> {
    const [id] = (await this.#rpc.call(model, 'create', [[values]])) as number[];
    return id!;
  }
}
