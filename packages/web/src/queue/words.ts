import { formatCount } from '../platform/format.ts';
import { inLanguage } from '../platform/language.ts';
import type { QueueSort, QueueState } from './search-params.ts';

const count = (number: number, one: string, many: string) =>
  `${formatCount(number)} ${number === 1 ? one : many}`;

/** Every word of the queue that a reader sees. A planner reads them: the field's words, short and active. */
const english = {
  title: 'Backorders',
  lines: (number: number) => count(number, 'line', 'lines'),
  units: (number: number) => count(number, 'unit', 'units'),
  unitsShort: (number: number): string => (number === 1 ? 'unit' : 'units'),
  days: (number: number) => count(number, 'day', 'days'),
  asOf: (time: string) => `As of ${time}`,
  refresh: 'Refresh',
  table: 'Backorders, in the order chosen',
  columns: {
    item: 'Item',
    customer: 'Customer',
    channel: 'Channel',
    quantity: 'Units',
    value: 'Value',
    waitingSince: 'Waiting since',
    shipBy: 'Promised',
    backing: 'Backed by',
    state: 'State',
  },
  sortBy: 'Sort',
  sorts: {
    queue: 'Queue order',
    sku: 'Item',
    customer: 'Customer',
    channel: 'Channel',
    quantity: 'Units',
    value: 'Value',
    waitingSince: 'Waiting since',
    shipBy: 'Promised date',
    state: 'State',
  } satisfies Record<QueueSort, string>,
  turn: { asc: 'Rising. Turn round', desc: 'Falling. Turn round' },
  states: {
    on_time: 'On time',
    late: 'Late',
    unbacked: 'Unbacked',
    awaiting_consent: 'Awaiting consent',
  } satisfies Record<QueueState, string>,
  stateHelp: {
    on_time: 'The plan keeps the latest promise.',
    late: 'The plan, or today, is past the day that the customer was last told.',
    unbacked: 'Some units have no stock or supply behind them.',
    awaiting_consent: 'The customer has to agree to the new date.',
  } satisfies Record<QueueState, string>,
  allStates: 'All',
  stateFilter: 'State',
  filters: {
    open: 'Sort and filter',
    search: 'Search',
    searchHint: 'Order, customer, item',
    channel: 'Channel',
    everyChannel: 'Every channel',
    sku: 'SKU',
    skuHint: 'Any item',
    purchaseOrder: 'Purchase order',
    purchaseOrderHint: 'Any PO',
    clear: 'Clear filters',
    clearOne: (name: string) => `Clear ${name}`,
  },
  since: 'since',
  window: (from?: string, until?: string) =>
    from && until ? `${from}–${until}` : from ? `from ${from}` : `until ${until}`,
  windowWhy: (from?: string, until?: string) =>
    [
      from ? `It does not leave before ${from}.` : '',
      until ? `What has not left by ${until} is cancelled.` : '',
    ]
      .filter(Boolean)
      .join(' '),
  waiting: (days: number) => (days <= 0 ? 'today' : count(days, 'day', 'days')),
  promise: {
    none: 'No date yet',
    noneWhy: 'nothing backs it',
    today: 'today',
    tomorrow: 'tomorrow',
    inDays: (days: number) => `in ${count(days, 'day', 'days')}`,
    late: (days: number) => `${count(days, 'day', 'days')} late`,
    slips: (days: number) => `slips ${count(days, 'day', 'days')}`,
    some: (units: number, all: number) => `${formatCount(units)} of ${count(all, 'unit', 'units')}`,
    exact: (promised: string, planned: string | null) =>
      planned && planned !== promised
        ? `Promised ${promised}. The plan says ${planned}`
        : `Promised ${promised}`,
  },
  backing: {
    none: 'Nothing yet',
    unbacked: (units: number) => `${count(units, 'unit', 'units')} unbacked`,
    more: (number: number) => `+${number}`,
    moreWhy: (number: number) => `and ${count(number, 'more supply', 'more supplies')}`,
    kinds: {
      purchase_order: 'Purchase order',
      transfer: 'Transfer',
      hold_release: 'Hold release',
      production: 'Production',
    },
    stages: {
      draft: 'draft',
      placed: 'placed',
      confirmed: 'confirmed',
      in_production: 'in production',
      in_transit: 'in transit',
      arrived: 'arrived',
    } as Record<string, string>,
    expected: (day: string) => `due ${day}`,
    undated: 'no date',
  },
  openLine: (title: string, customer: string) => `${title}, for ${customer}`,
  loadingMore: 'More lines are coming',
  end: (lines: number) => (lines === 1 ? 'The only line' : `All ${count(lines, 'line', 'lines')}`),
  empty: {
    nobody: 'Nobody is waiting',
    nobodyWhy: 'Every open order can ship from stock. When one has to wait, its line appears here.',
    noMatch: 'No line matches these filters',
    noMatchWhy: 'Loosen one, or look at the whole queue again.',
  },
  failed: {
    title: 'The queue could not be read',
    again: 'Try again',
    moreTitle: 'The next lines could not be read.',
    stale: 'No answer for a moment. These are the last known figures.',
  },
};

const german: typeof english = {
  title: 'Rückstände',
  lines: (number) => count(number, 'Position', 'Positionen'),
  units: (number) => count(number, 'Stück', 'Stück'),
  unitsShort: () => 'Stück',
  days: (number) => count(number, 'Tag', 'Tage'),
  asOf: (time) => `Stand ${time}`,
  refresh: 'Neu laden',
  table: 'Rückstände in der gewählten Reihenfolge',
  columns: {
    item: 'Artikel',
    customer: 'Kunde',
    channel: 'Kanal',
    quantity: 'Stück',
    value: 'Wert',
    waitingSince: 'Wartet seit',
    shipBy: 'Zugesagt',
    backing: 'Gedeckt durch',
    state: 'Stand',
  },
  sortBy: 'Ordnen',
  sorts: {
    queue: 'Warteschlange',
    sku: 'Artikel',
    customer: 'Kunde',
    channel: 'Kanal',
    quantity: 'Stück',
    value: 'Wert',
    waitingSince: 'Wartet seit',
    shipBy: 'Zugesagter Tag',
    state: 'Stand',
  },
  turn: { asc: 'Aufsteigend. Umkehren', desc: 'Absteigend. Umkehren' },
  states: {
    on_time: 'Pünktlich',
    late: 'Verspätet',
    unbacked: 'Ungedeckt',
    awaiting_consent: 'Zustimmung offen',
  },
  stateHelp: {
    on_time: 'Der Plan hält die letzte Zusage.',
    late: 'Der Plan oder der heutige Tag liegt hinter dem Tag, der dem Kunden zuletzt genannt wurde.',
    unbacked: 'Hinter einigen Stück steht weder Bestand noch Lieferung.',
    awaiting_consent: 'Der Kunde muss dem neuen Termin zustimmen.',
  },
  allStates: 'Alle',
  stateFilter: 'Stand',
  filters: {
    open: 'Ordnen und filtern',
    search: 'Suchen',
    searchHint: 'Bestellung, Kunde, Artikel',
    channel: 'Kanal',
    everyChannel: 'Jeder Kanal',
    sku: 'SKU',
    skuHint: 'Jeder Artikel',
    purchaseOrder: 'Einkaufsbestellung',
    purchaseOrderHint: 'Jede Bestellung',
    clear: 'Filter aufheben',
    clearOne: (name) => `${name} aufheben`,
  },
  since: 'seit',
  window: (from, until) => (from && until ? `${from}–${until}` : from ? `ab ${from}` : `bis ${until}`),
  windowWhy: (from, until) =>
    [
      from ? `Geht nicht vor dem ${from} hinaus.` : '',
      until ? `Was bis ${until} nicht hinausging, wird storniert.` : '',
    ]
      .filter(Boolean)
      .join(' '),
  waiting: (days) => (days <= 0 ? 'heute' : count(days, 'Tag', 'Tage')),
  promise: {
    none: 'Noch kein Termin',
    noneWhy: 'nichts deckt sie',
    today: 'heute',
    tomorrow: 'morgen',
    inDays: (days) => `in ${count(days, 'Tag', 'Tagen')}`,
    late: (days) => `${count(days, 'Tag', 'Tage')} zu spät`,
    slips: (days) => `rutscht um ${count(days, 'Tag', 'Tage')}`,
    some: (units, all) => `${formatCount(units)} von ${count(all, 'Stück', 'Stück')}`,
    exact: (promised, planned) =>
      planned && planned !== promised
        ? `Zugesagt ${promised}. Der Plan sagt ${planned}`
        : `Zugesagt ${promised}`,
  },
  backing: {
    none: 'Noch nichts',
    unbacked: (units) => `${count(units, 'Stück', 'Stück')} ungedeckt`,
    more: (number) => `+${number}`,
    moreWhy: (number) => `und ${count(number, 'weitere Lieferung', 'weitere Lieferungen')}`,
    kinds: {
      purchase_order: 'Einkaufsbestellung',
      transfer: 'Umlagerung',
      hold_release: 'Freigabe aus Sperrbestand',
      production: 'Fertigung',
    },
    stages: {
      draft: 'Entwurf',
      placed: 'bestellt',
      confirmed: 'bestätigt',
      in_production: 'in Fertigung',
      in_transit: 'unterwegs',
      arrived: 'angekommen',
    },
    expected: (day) => `fällig ${day}`,
    undated: 'ohne Termin',
  },
  openLine: (title, customer) => `${title} für ${customer}`,
  loadingMore: 'Weitere Positionen kommen',
  end: (lines) => (lines === 1 ? 'Die einzige Position' : `Alle ${count(lines, 'Position', 'Positionen')}`),
  empty: {
    nobody: 'Niemand wartet',
    nobodyWhy: 'Jede offene Bestellung kann aus dem Bestand hinaus. Muss eine warten, steht sie hier.',
    noMatch: 'Keine Position passt zu diesen Filtern',
    noMatchWhy: 'Lockern Sie einen, oder sehen Sie wieder die ganze Schlange an.',
  },
  failed: {
    title: 'Die Warteschlange konnte nicht gelesen werden',
    again: 'Noch einmal',
    moreTitle: 'Die nächsten Positionen konnten nicht gelesen werden.',
    stale: 'Einen Moment keine Antwort. Das sind die zuletzt bekannten Zahlen.',
  },
};

export const words = inLanguage(english, german);
