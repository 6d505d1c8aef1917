import type { Fact } from '../../connections/index.ts';
import type { Source } from '../follow.ts';
import { type ErpLine, type ErpOrder, orderFact, refOfDraft, type Stage } from '../order-fact.ts';
import { dividedBy, fraction, ONE, unitCost } from '../units.ts';
import { instantOf, wallOf } from '../zoned.ts';
import { type Context, type NetsuiteRest, quoted, type Row } from './rest.ts';

const STAMP = 'YYYY-MM-DD HH24:MI:SS';

/** Records whose stamp is at or above an instant, by their number. */
function changedSource(
  rest: NetsuiteRest,
  { settings: { timeZone } }: Context,
  table: string,
  condition: string,
  facts: Source['facts'],
): Source {
  return {
    async page({ since, after, limit, signal }) {
      const bounds = [
        condition,
        ...(after === null ? [] : [`id > ${Number(after)}`]),
        ...(since === null
          ? []
          : [`lastmodifieddate >= TO_DATE(${quoted(wallOf(since, timeZone))}, '${STAMP}')`]),
      ];
      const rows = await rest.query(
        `SELECT id, TO_CHAR(lastmodifieddate, '${STAMP}') AS stamp FROM ${table} WHERE ${bounds.join(' AND ')} ORDER BY id`,
        limit,
        signal,
      );
      return rows.map((row) => ({ id: Number(row.id), stamp: instantOf(String(row.stamp), timeZone) }));
    },
    facts,
  };
}

const among = (changed: readonly { readonly id: number | string }[]) =>
  changed.map((one) => Number(one.id)).join(', ');

export function supplierSource(rest: NetsuiteRest, context: Context): Source {
  return changedSource(rest, context, 'vendor', '1 = 1', async (changed, { signal }) => {
    const rows = await rest.query(
      `SELECT id, entityid, companyname FROM vendor WHERE id IN (${among(changed)})`,
      1000,
      signal,
    );
    return rows.map(
      (row): Fact => ({
        kind: 'supplier',
        externalId: `vendor/${row.id}`,
        supplier: { code: String(row.entityid), title: row.companyname || String(row.entityid) },
      }),
    );
  });
}

const STOCKED = "itemtype IN ('InvtPart', 'Assembly')";

export function itemSource(rest: NetsuiteRest, context: Context): Source {
  const { currency, timeZone } = context.settings;
  return changedSource(rest, context, 'item', STOCKED, async (changed, { signal }) => {
    const rows = await rest.query(
      `SELECT i.id, i.itemid, i.displayname, i.averagecost, p.unitprice, TO_CHAR(i.lastmodifieddate, '${STAMP}') AS stamp FROM item i LEFT JOIN pricing p ON p.item = i.id AND p.pricelevel = 1 AND p.quantity = 0 WHERE i.id IN (${among(changed)})`,
      1000,
      signal,
    );
    return rows.map((row): Fact => {
      const price = unitCost(row.unitprice || '0', currency, ONE)!;
      const cost = unitCost(row.averagecost || null, currency, ONE);
      return {
        kind: 'item',
        externalId: `item/${row.id}`,
        sourceUpdatedAt: instantOf(String(row.stamp), timeZone),
        item: {
          sku: String(row.itemid),
          title: row.displayname || String(row.itemid),
          price,
          ...(cost === undefined || cost.amount === 0 ? {} : { cost }),
        },
      };
    });
  });
}

/** A receipt changes its order; it is asked for itself, too, for accounts in which scripts keep the order's stamp. */
export function orderSources(rest: NetsuiteRest, context: Context): readonly Source[] {
  return [
    changedSource(rest, context, 'transaction', "type = 'PurchOrd'", (changed, { history, signal }) =>
      readOrders(rest, context, among(changed), history, signal),
    ),
    changedSource(rest, context, 'transaction', "type = 'ItemRcpt'", async (changed, { history, signal }) => {
      const rows = await rest.query(
        `SELECT DISTINCT createdfrom FROM transactionline WHERE transaction IN (${among(changed)}) AND createdfrom IS NOT NULL`,
        1000,
        signal,
      );
      if (rows.length === 0) return [];
      return readOrders(
        rest,
        context,
        rows.map((row) => Number(row.createdfrom)).join(', '),
        history,
        signal,
      );
    }),
  ];
}

async function readOrders(
  rest: NetsuiteRest,
  { settings, log }: Context,
  ids: string,
  history: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly Fact[]> {
  const orders = await rest.query(
    `SELECT t.id, t.tranid, t.externalid, t.status, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate, TO_CHAR(t.duedate, 'YYYY-MM-DD') AS duedate, v.entityid, c.symbol, TO_CHAR(t.lastmodifieddate, '${STAMP}') AS stamp FROM transaction t JOIN vendor v ON v.id = t.entity LEFT JOIN currency c ON c.id = t.currency WHERE t.type = 'PurchOrd' AND t.id IN (${ids})`,
    1000,
    signal,
  );
  const linesOf = Map.groupBy(await readLines(rest, ids, signal), (line) => line.transaction);
  const telling = {
    locations: settings.locations,
    history,
    warn: (words: string, data: Record<string, unknown>) => log.warn(words, data),
  };
  return orders.flatMap((order) => {
    const fact = orderFact(orderOf(order, linesOf.get(order.id) ?? [], settings.timeZone), telling);
    return fact ?? [];
  });
}

/** A hundred orders may have more lines than one page. */
async function readLines(rest: NetsuiteRest, ids: string, signal: AbortSignal | undefined) {
  const lines: Row[] = [];
  for (;;) {
    const after = Number(lines.at(-1)?.uniquekey ?? 0);
    const page = await rest.query(
      `SELECT l.uniquekey, l.transaction, l.id, l.quantity, l.quantityshiprecv, l.isclosed, TO_CHAR(l.expectedreceiptdate, 'YYYY-MM-DD') AS expectedreceiptdate, l.rate, i.itemid, loc.name AS location, su.conversionrate AS stockunit, lu.conversionrate AS lineunit FROM transactionline l JOIN item i ON i.id = l.item LEFT JOIN location loc ON loc.id = l.location LEFT JOIN unitstypeuom su ON su.internalid = i.stockunit LEFT JOIN unitstypeuom lu ON lu.internalid = l.units WHERE l.mainline = 'F' AND l.taxline = 'F' AND i.itemtype IN ('InvtPart', 'Assembly') AND l.transaction IN (${ids}) AND l.uniquekey > ${after} ORDER BY l.uniquekey`,
      1000,
      signal,
    );
    if (page.length === 0) return lines;
    lines.push(...page);
  }
}

/** The letter of a purchase order's status. A waits for approval, C was rejected, P is only planned; H was closed by a person. */
function stageOf(status: string): { stage: Stage; closed: boolean } {
  const letter = status.at(-1) ?? '';
  if (letter === 'A' || letter === 'P') return { stage: 'draft', closed: false };
  if (letter === 'C') return { stage: 'cancelled', closed: false };
  return { stage: 'confirmed', closed: letter === 'H' };
}

function orderOf(order: Row, lines: readonly Row[], timeZone: string): ErpOrder {
  const { stage, closed } = stageOf(String(order.status));
  return {
    externalId: `purchaseOrder/${order.id}`,
    ref: refOfDraft(order.externalid) ?? String(order.tranid),
    supplier: String(order.entityid),
    placedOn: String(order.trandate),
    stage,
    updatedAt: instantOf(String(order.stamp), timeZone),
    currency: order.symbol ?? null,
    lines: lines.map((line) => lineOf(line, order, closed)),
  };
}

/** SuiteQL tells quantities in the base unit of the item's kind of units, whatever the line was bought in. */
function lineOf(line: Row, order: Row, closed: boolean): ErpLine {
  const stockUnit = fraction(line.stockunit || '1');
  const inStock = (quantity: string | null | undefined) => dividedBy(fraction(quantity || '0'), stockUnit);
  const received = inStock(line.quantityshiprecv);
  const over = closed || line.isclosed === 'T';
  const nothing = received.over === 0n;
  return {
    line: Number(line.id),
    sku: String(line.itemid),
    quantity: over && !nothing ? received : inStock(line.quantity),
    received,
    expectedOn: line.expectedreceiptdate || order.duedate || null,
    warehouse: line.location ?? '',
    ...(over && nothing ? { stage: 'cancelled' as const } : {}),
    // Of the unit that it was bought in, as a person typed it.
    price: line.rate ?? null,
    factor: dividedBy(fraction(line.lineunit || '1'), stockUnit),
  };
}
