import { formatCount } from '../platform/format.ts';
import { inLanguage } from '../platform/language.ts';

const count = (number: number, one: string, many: string) =>
  `${formatCount(number)} ${number === 1 ? one : many}`;

/** Every word of the purchase orders' page. A buyer reads them: the field's words, short and active. */
const english = {
  title: 'Purchase orders',
  open: (lines: number, orders: number) =>
    `${count(lines, 'open line', 'open lines')} of ${count(orders, 'purchase order', 'purchase orders')}`,
  how: 'Drag a date, or move it with the arrow keys, and see at once who is hit. Nothing changes before you say so.',
  howSmall: 'Open a line, try another date, and see who is hit. Nothing changes before you say so.',
  timeline: 'Open lines by the day on which they are expected',
  today: 'Today',
  noDate: 'no date',
  overdue: (days: number) => `${count(days, 'day', 'days')} overdue`,
  expected: (day: string) => `Expected ${day}`,
  leave: (day: string) => `units leave by ${day}`,
  backsNothing: 'backs nothing',
  waitFor: (pegged: number, open: number) =>
    pegged === 0
      ? `${formatCount(open)} coming, all free`
      : `${formatCount(pegged)} of ${formatCount(open)} are promised`,
  search: 'Search',
  searchHint: 'Purchase order, item, supplier',
  onlyPromised: 'Only lines with customers behind them',
  move: (ref: string, sku: string) => `Expected day of ${ref}, ${sku}`,
  moved: (days: number) =>
    days === 0
      ? 'as it is'
      : days > 0
        ? `${count(days, 'day', 'days')} later`
        : `${count(-days, 'day', 'days')} earlier`,
  panel: {
    close: 'Close',
    expectedOn: 'Expected on',
    reason: 'Why it moves',
    reasons: {
      production: 'Production',
      materials: 'Materials',
      freight: 'Freight',
      customs: 'Customs',
      moq: 'Minimum order',
      quality: 'Quality',
      other: 'Something else',
    },
    looking: 'Seeing who is hit …',
    nobodyHit: 'Nobody’s promise breaks.',
    hit: (lines: number, customers: number) =>
      `${count(lines, 'line', 'lines')} of ${count(customers, 'customer', 'customers')} would leave later`,
    helped: (lines: number) => `${count(lines, 'line', 'lines')} would leave earlier`,
    atRisk: (value: string) => `${value} at risk`,
    broken: 'Promises that would break',
    brokenOf: (units: number) => `${count(units, 'unit', 'units')} late`,
    more: (lines: number) => `and ${count(lines, 'line', 'lines')} more`,
    tell: (orders: number) => `${count(orders, 'order', 'orders')} would be told of a new date.`,
    commit: (day: string) => `Move it to ${day}`,
    letGo: 'Let it be',
    committed: (day: string) => `It is expected on ${day} now. Customers whose date moves are told.`,
    undo: 'Undo',
    undone: 'It is as it was.',
    failed: 'That could not be done',
    from: 'now',
    to: 'then',
  },
  receive: {
    title: 'Receive',
    quantity: 'Units that came',
    condition: 'They are',
    conditions: { sellable: 'fine', quality_hold: 'to be inspected', damaged: 'damaged' },
    close: 'No more of this line will come',
    receive: (units: number) => `Receive ${formatCount(units)}`,
    received: (units: number) => `${count(units, 'unit', 'units')} received.`,
    canLeave: (orders: number) => `${count(orders, 'order', 'orders')} can leave now`,
    none: 'No order can leave by it yet.',
    release: (orders: number) => `Release ${count(orders, 'order', 'orders')} to pick`,
    releasing: (done: number, all: number) => `${formatCount(done)} of ${formatCount(all)} released`,
    released: (orders: number) => `${count(orders, 'order', 'orders')} released.`,
    pickList: 'Pick list',
    pickCsv: 'as a file',
    atStake: 'promised for today or before',
  },
  empty: {
    nothing: 'Nothing is on its way',
    nothingWhy: 'Purchase orders come in with an import, over the API, or from an accepted suggestion.',
    noMatch: 'No open line matches',
    clear: 'Show all',
  },
  failed: { title: 'The purchase orders cannot be shown', again: 'Try again' },
  more: 'Loading more …',
};

const german: typeof english = {
  title: 'Einkaufsbestellungen',
  open: (lines, orders) =>
    `${count(lines, 'offene Position', 'offene Positionen')} aus ${count(orders, 'Einkaufsbestellung', 'Einkaufsbestellungen')}`,
  how: 'Ziehen Sie einen Termin, oder bewegen Sie ihn mit den Pfeiltasten, und sehen Sie sofort, wen es trifft. Nichts ändert sich, bevor Sie es sagen.',
  howSmall:
    'Öffnen Sie eine Position, versuchen Sie einen anderen Tag, und sehen Sie, wen es trifft. Nichts ändert sich, bevor Sie es sagen.',
  timeline: 'Offene Positionen nach dem Tag, an dem sie erwartet werden',
  today: 'Heute',
  noDate: 'ohne Termin',
  overdue: (days) => `${count(days, 'Tag', 'Tage')} überfällig`,
  expected: (day) => `Erwartet ${day}`,
  leave: (day) => `Ware geht bis ${day} hinaus`,
  backsNothing: 'deckt nichts',
  waitFor: (pegged, open) =>
    pegged === 0
      ? `${formatCount(open)} kommen, alle frei`
      : `${formatCount(pegged)} von ${formatCount(open)} sind zugesagt`,
  search: 'Suchen',
  searchHint: 'Bestellung, Artikel, Lieferant',
  onlyPromised: 'Nur Positionen, hinter denen Kunden stehen',
  move: (ref, sku) => `Erwarteter Tag von ${ref}, ${sku}`,
  moved: (days) =>
    days === 0
      ? 'wie es ist'
      : days > 0
        ? `${count(days, 'Tag', 'Tage')} später`
        : `${count(-days, 'Tag', 'Tage')} früher`,
  panel: {
    close: 'Schließen',
    expectedOn: 'Erwartet am',
    reason: 'Warum es sich verschiebt',
    reasons: {
      production: 'Fertigung',
      materials: 'Material',
      freight: 'Fracht',
      customs: 'Zoll',
      moq: 'Mindestmenge',
      quality: 'Qualität',
      other: 'Etwas anderes',
    },
    looking: 'Es wird gesehen, wen es trifft …',
    nobodyHit: 'Keine Zusage bricht.',
    hit: (lines, customers) =>
      `${count(lines, 'Position', 'Positionen')} von ${count(customers, 'Kunde', 'Kunden')} würden später hinausgehen`,
    helped: (lines) => `${count(lines, 'Position würde', 'Positionen würden')} früher hinausgehen`,
    atRisk: (value) => `${value} gefährdet`,
    broken: 'Zusagen, die brechen würden',
    brokenOf: (units) => `${count(units, 'Stück', 'Stück')} zu spät`,
    more: (lines) => `und ${count(lines, 'weitere Position', 'weitere Positionen')}`,
    tell: (orders) =>
      `${count(orders, 'Bestellung bekäme', 'Bestellungen bekämen')} einen neuen Termin genannt.`,
    commit: (day) => `Auf ${day} verschieben`,
    letGo: 'So lassen',
    committed: (day) =>
      `Es wird jetzt am ${day} erwartet. Kunden, deren Termin sich verschiebt, erfahren es.`,
    undo: 'Rückgängig',
    undone: 'Es ist, wie es war.',
    failed: 'Das ging nicht',
    from: 'jetzt',
    to: 'dann',
  },
  receive: {
    title: 'Wareneingang',
    quantity: 'Stück, die kamen',
    condition: 'Sie sind',
    conditions: { sellable: 'in Ordnung', quality_hold: 'zu prüfen', damaged: 'beschädigt' },
    close: 'Von dieser Position kommt nichts mehr',
    receive: (units) => `${formatCount(units)} vereinnahmen`,
    received: (units) => `${count(units, 'Stück', 'Stück')} vereinnahmt.`,
    canLeave: (orders) => `${count(orders, 'Bestellung kann', 'Bestellungen können')} jetzt hinausgehen`,
    none: 'Noch keine Bestellung kann dadurch hinausgehen.',
    release: (orders) => `${count(orders, 'Bestellung', 'Bestellungen')} freigeben`,
    releasing: (done, all) => `${formatCount(done)} von ${formatCount(all)} freigegeben`,
    released: (orders) => `${count(orders, 'Bestellung', 'Bestellungen')} freigegeben.`,
    pickList: 'Pickliste',
    pickCsv: 'als Datei',
    atStake: 'für heute oder früher zugesagt',
  },
  empty: {
    nothing: 'Nichts ist unterwegs',
    nothingWhy:
      'Einkaufsbestellungen kommen mit einem Import, über die API oder aus einem angenommenen Vorschlag.',
    noMatch: 'Keine offene Position passt',
    clear: 'Alle zeigen',
  },
  failed: { title: 'Die Einkaufsbestellungen können nicht gezeigt werden', again: 'Noch einmal' },
  more: 'Weitere werden geladen …',
};

export const words = inLanguage(english, german);
