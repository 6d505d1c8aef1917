import { formatCount } from '../platform/format.ts';
import type { QueueSort, QueueState } from './search-params.ts';

const count = (number: number, one: string, many: string) =>
  `${formatCount(number)} ${number === 1 ? one : many}`;

/** Every word of the queue that a reader sees. A planner reads them: the field's words, short and active. */
export const words = {
  title: 'Backorders',
  lines: (number: number) => count(number, 'line', 'lines'),
  units: (number: number) => count(number, 'unit', 'units'),
  unitsShort: (number: number) => (number === 1 ? 'unit' : 'units'),
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
