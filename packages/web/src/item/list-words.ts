import { counted, inLanguage } from '../platform/language.ts';

/** The words of the list of items. */
const english = {
  title: 'Items',
  found: (items: number) => counted(items, 'item', 'items'),
  search: 'Search',
  searchHint: 'SKU, title, supplier',
  show: 'Which are shown',
  all: 'All',
  waiting: 'Somebody waits',
  runningOut: 'Runs out within 90 days',
  outNow: 'nothing free now',
  runsOut: (day: string) => `runs out ${day}`,
  nextArrival: (supply: string, units: string, day: string) => `${supply} brings ${units} on ${day}`,
  nothingComes: 'nothing is on order',
  withoutForecast: (items: number) =>
    `${counted(items, 'item has', 'items have')} no forecast yet: whether they run out is told after the next run.`,
  onHand: (units: string) => `${units} on hand`,
  wait: (units: string) => `${units} backordered`,
  narrow: (items: number) => `The first ${items} are shown. Search to narrow the list.`,
  none: 'No item is like that',
  noneWhy: 'Items come in with an import, or over the API.',
  failed: 'The items cannot be shown',
  again: 'Try again',
};

export const listWords = inLanguage(english, {
  title: 'Artikel',
  found: (items) => counted(items, 'Artikel', 'Artikel'),
  search: 'Suchen',
  searchHint: 'SKU, Titel, Lieferant',
  show: 'Welche gezeigt werden',
  all: 'Alle',
  waiting: 'Jemand wartet',
  runningOut: 'Geht binnen 90 Tagen aus',
  outNow: 'jetzt nichts frei',
  runsOut: (day) => `geht am ${day} aus`,
  nextArrival: (supply, units, day) => `${supply} bringt ${units} am ${day}`,
  nothingComes: 'nichts ist bestellt',
  withoutForecast: (items) =>
    `${counted(items, 'Artikel hat', 'Artikel haben')} noch keine Prognose: Ob sie ausgehen, steht nach dem nächsten Lauf hier.`,
  onHand: (units) => `${units} auf Lager`,
  wait: (units) => `${units} im Rückstand`,
  narrow: (items) => `Die ersten ${items} sind gezeigt. Suchen Sie, um die Liste zu kürzen.`,
  none: 'Kein Artikel ist so',
  noneWhy: 'Artikel kommen mit einem Import oder über die API.',
  failed: 'Die Artikel können nicht gezeigt werden',
  again: 'Noch einmal',
});
