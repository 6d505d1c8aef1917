import { counted, inLanguage } from '../platform/language.ts';

/** The words of the list of items. */
const english = {
  title: 'Items',
  found: (items: number) => counted(items, 'item', 'items'),
  search: 'Search',
  searchHint: 'SKU, title, supplier',
  waiting: 'Only those that somebody waits for',
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
  waiting: 'Nur solche, auf die jemand wartet',
  onHand: (units) => `${units} auf Lager`,
  wait: (units) => `${units} im Rückstand`,
  narrow: (items) => `Die ersten ${items} sind gezeigt. Suchen Sie, um die Liste zu kürzen.`,
  none: 'Kein Artikel ist so',
  noneWhy: 'Artikel kommen mit einem Import oder über die API.',
  failed: 'Die Artikel können nicht gezeigt werden',
  again: 'Noch einmal',
});
