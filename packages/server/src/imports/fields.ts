/** What a column of a mapped file may hold; a guess is kept only if the first rows look like it. */
export type FieldHolds = 'code' | 'text' | 'number' | 'date';

export interface Field {
  name: string;
  holds: FieldHolds;
  required?: boolean;
  /** Names that can mean nothing else, normalised. The field's own name is always one. */
  sure: readonly string[];
  /** Names that mean it if nothing better is there. */
  likely?: readonly string[];
}

const field = (name: string, holds: FieldHolds, sure: string, likely = '', required = false): Field => ({
  name,
  holds,
  required,
  sure: [name.replaceAll('_', ' '), ...words(sure)],
  likely: words(likely),
});
const words = (list: string) =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
const required = (name: string, holds: FieldHolds, sure: string, likely = '') =>
  field(name, holds, sure, likely, true);

const SKU = required(
  'sku',
  'code',
  'item code, product code, stock code, item no, item number, product sku, variant sku, internal reference, product internal reference, default code, product id default code, artikelnummer, artikel nr, art nr, artikelcode, materialnummer, material number, part number, part no, seller sku, lineitem sku',
  'material, article number, article no, product no, product number, product, artikel, article, item id, product id, item, code',
);
const TITLE = field(
  'title',
  'text',
  'product name, item name, product title, item title, artikelbezeichnung, bezeichnung, kurztext, short text, product description, item description',
  'description, beschreibung, produktname, produkt, name',
);
const UOM = field(
  'uom',
  'text',
  'unit of measure, product uom, product uom id, mengeneinheit, uom code',
  'unit, einheit, me, units',
);
const FACTOR = field(
  'factor',
  'number',
  'conversion factor, uom conversion factor, uom factor, umrechnungsfaktor, conversion rate, units per uom',
  'faktor, pack size, case size, vpe',
);
const CURRENCY = field('currency', 'text', 'currency id, currency code, waehrung, währung', 'curr, wkz');
const LOCATION = field(
  'location',
  'text',
  'warehouse, target warehouse, deliver to, receiving location, storage location, warehouse code, location code, lager, lagerort, picking type id, set warehouse, ziellager',
  'destination, ship to, plant, werk, site',
);
const LINE = field(
  'line',
  'code',
  'line no, line number, line id, position, pos, pos nr, positionsnummer, order line, po line',
  'idx',
);

/** Purchase orders, whatever ERP they come from. */
const PURCHASE_ORDERS: readonly Field[] = [
  required(
    'ref',
    'code',
    'purchase order, purchase order number, purchase order no, purchase order id, po, po number, po no, po id, po ref, po so no, order reference, bestellnummer, bestell nr, bestellnr, purchasing document, po reference',
    'document number, document no, doc no, order number, order no, belegnummer, beleg nr, bestellung, order, order id, reference, number, nummer, id, parent',
  ),
  SKU,
  required(
    'quantity',
    'number',
    'qty, ordered qty, order quantity, ordered quantity, quantity ordered, qty ordered, product qty, menge, bestellmenge, line item quantity, po quantity',
    'ordered, anzahl, stück, stueck, units, anz',
  ),
  field(
    'supplier',
    'text',
    'vendor, supplier name, vendor name, supplier code, vendor code, lieferant, kreditor, lieferantenname, partner id',
    'partner, lieferantennummer, manufacturer, vendor supplying plant, entity, name',
  ),
  field(
    'expected_on',
    'date',
    'expected arrival, expected date, expected delivery date, expected delivery, expected receipt date, eta, delivery date, required by, schedule date, scheduled date, scheduled delivery date, date planned, receive by, due date receive by, liefertermin, lieferdatum, promised date, bestätigter liefertermin, voraussichtlicher liefertermin, need by date',
    'due date, arrival, wunschtermin, eintreffdatum, termin, due',
  ),
  field(
    'placed_on',
    'date',
    'order date, po date, date ordered, confirmation date, date approve, order deadline, purchase date, document date, bestelldatum, belegdatum, date order, transaction date, po sent to vendor date',
    'created on, creation date, date, datum',
  ),
  field(
    'received',
    'number',
    'received qty, qty received, quantity received, received quantity, quantity fulfilled received, gelieferte menge, we menge, delivered qty, received to date',
    'geliefert, delivered, wareneingang',
  ),
  field(
    'remaining',
    'number',
    'remaining qty, remaining quantity, open quantity, open qty, outstanding, outstanding quantity, qty to receive, to receive, still to be delivered qty, restmenge, offene menge, balance qty',
    'offen, rest',
  ),
  LOCATION,
  field(
    'stage',
    'text',
    'status, order status, po status, receipt status, state, bestellstatus',
    'zustand, docstatus',
  ),
  LINE,
  field(
    'unit_cost',
    'number',
    'unit price, price unit, net price, purchase price, einzelpreis, ek preis, nettopreis, einkaufspreis, stückpreis, cost per unit',
    'rate, cost, price, preis, ek',
  ),
  CURRENCY,
  UOM,
  FACTOR,
  field(
    'freight_mode',
    'text',
    'shipment mode, ship mode, shipping method, ship via, transport mode, versandart, mode of transport',
    '',
  ),
  // NetSuite's "Name" is the vendor, not the product
  { ...TITLE, likely: TITLE.likely!.filter((word) => word !== 'name') },
];

/** Customer orders, one row for each line. */
const ORDERS: readonly Field[] = [
  required(
    'ref',
    'code',
    'order number, order no, order id, order reference, order name, invoice no, invoice number, invoice, sales order, sales order number, auftragsnummer, auftrag, rechnungsnummer, rechnung, external order id',
    'order, reference, document number, bestellnummer, belegnummer, number, id',
  ),
  SKU,
  required(
    'quantity',
    'number',
    'qty, ordered qty, order quantity, quantity ordered, product uom qty, menge, bestellmenge',
    'ordered, anzahl, units, stück',
  ),
  required(
    'price',
    'number',
    'unit price, price unit, sales price, item price, einzelpreis, verkaufspreis, vk preis, stückpreis, net price, nettopreis',
    'rate, preis, amount per unit',
  ),
  required(
    'placed_at',
    'date',
    'order date, invoice date, created at, ordered at, purchase date, date order, auftragsdatum, bestelldatum, rechnungsdatum, order placed',
    'date, datum, created, timestamp',
  ),
  field('channel', 'text', 'sales channel, kanal, vertriebskanal', 'store, marketplace, source'),
  field(
    'customer',
    'text',
    'customer name, client, kunde, kundenname, buyer, buyer name, bill to name, ship to name',
    'customer id, customer no, customer number, kundennummer, name',
  ),
  field('email', 'text', 'customer email, e mail, email address, buyer email', 'mail'),
  field('class', 'text', 'customer class, customer group, kundengruppe', 'segment'),
  field(
    'country',
    'text',
    'ship to country, shipping country, ship country, country code, land, lieferland',
    '',
  ),
  field('region', 'text', 'shipping province, province, ship state, ship to state, bundesland', 'state'),
  field('zip', 'text', 'postal code, postcode, zip code, shipping zip, ship postal code, plz', ''),
  LINE,
  field('discount', 'number', 'line discount, discount amount, rabatt', ''),
  field('tax', 'number', 'line tax, tax amount, vat, mwst', ''),
  CURRENCY,
  UOM,
  FACTOR,
  field(
    'shipped',
    'number',
    'shipped qty, qty shipped, quantity shipped, delivered qty, qty delivered, quantity fulfilled',
    'delivered, versendet, geliefert',
  ),
  field('cancelled', 'number', 'canceled, cancelled qty, canceled qty, quantity cancelled', 'storniert'),
  field('line_kind', 'text', 'line type', ''),
  field('not_before', 'date', 'ship window start, start ship date, do not ship before', ''),
  field('cancel_after', 'date', 'cancel date, ship window end, do not ship after', ''),
  field('stated_ship_by', 'date', 'ship by, latest ship date', ''),
  field('stated_deliver_by', 'date', 'deliver by, latest delivery date', ''),
  field('source_updated_at', 'date', 'updated at, last updated, last updated date', ''),
  field('payment_due_at', 'date', 'payment due, payment deadline', ''),
  field('business', 'text', 'b2b, is business order', ''),
  field('ship_complete', 'text', 'complete delivery, komplettlieferung', ''),
  field('shipping', 'number', 'shipping price, shipping cost, versandkosten', ''),
  field('shipping_tax', 'number', '', ''),
  TITLE,
];

const STOCK: readonly Field[] = [
  SKU,
  required(
    'counted',
    'number',
    'on hand, on hand quantity, quantity on hand, qty on hand, stock on hand, stock, inventory, bestand, lagerbestand, actual qty',
    'quantity, qty, menge, units',
  ),
  LOCATION,
  field('condition', 'text', 'stock condition, stock status', 'zustand'),
  UOM,
  FACTOR,
  TITLE,
];

const ITEMS: readonly Field[] = [
  SKU,
  { ...TITLE, required: true },
  required(
    'price',
    'number',
    'unit price, sales price, list price, selling price, verkaufspreis, vk preis, standard selling rate, rrp, retail price',
    'rate, preis',
  ),
  CURRENCY,
  field(
    'cost',
    'number',
    'unit cost, cost price, standard price, valuation rate, einkaufspreis, ek preis',
    '',
  ),
  field('supplier', 'text', 'vendor, default supplier, lieferant', ''),
  field('lifecycle', 'text', '', ''),
  field('policy', 'text', '', ''),
  field('lead_time_days', 'number', 'lead time, lieferzeit, lead time in days', ''),
  field('moq', 'number', 'minimum order quantity, min order qty, mindestbestellmenge', ''),
  field('order_multiple', 'number', 'multiple, purchase multiple', ''),
  field('components', 'text', '', ''),
  field('alternatives', 'text', '', ''),
  field('uoms', 'text', '', ''),
  field('launch_on', 'date', 'launch date, release date', ''),
];

export const MAPPED_KINDS = ['purchase_orders', 'orders', 'stock', 'items'] as const;
export type MappedKind = (typeof MAPPED_KINDS)[number];

export const FIELDS: Readonly<Record<MappedKind, readonly Field[]>> = {
  purchase_orders: PURCHASE_ORDERS,
  orders: ORDERS,
  stock: STOCK,
  items: ITEMS,
};
