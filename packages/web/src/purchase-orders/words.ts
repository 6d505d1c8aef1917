import { formatCount } from '../platform/format.ts';

const count = (number: number, one: string, many: string) =>
  `${formatCount(number)} ${number === 1 ? one : many}`;

/** Every word of the purchase orders' page. A buyer reads them: the field's words, short and active. */
export const words = {
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
