import { counted, inLanguage } from '../platform/language.ts';

/** The words of what is done with many lines at once, and of the views that are kept. */
const english = {
  choose: (title: string, customer: string) => `Select ${title}, for ${customer}`,
  bar: 'What to do with the selected lines',
  selected: (lines: number, units: number, value: string) =>
    `${counted(lines, 'line', 'lines')} selected: ${counted(units, 'unit', 'units')}, ${value}`,
  all: (lines: number) => `Select all ${lines} loaded`,
  none: 'Select none',
  first: 'To the front',
  last: 'To the end',
  tell: 'Tell them now',
  cancel: 'Cancel',
  export: 'Export',
  sure: (units: number, customers: number, value: string) =>
    `Cancel ${counted(units, 'unit', 'units')} of ${counted(customers, 'order', 'orders')}, ${value}. Their customers are told, and it cannot be undone.`,
  yes: 'Cancel them',
  no: 'Leave them',
  doing: (done: number, all: number) => `${done} of ${all}`,
  moved: (lines: number) => `${counted(lines, 'line', 'lines')} moved. Nobody lost a unit by it.`,
  undo: 'Undo',
  undone: 'They stand where they stood.',
  told: (messages: number) => `${counted(messages, 'message is', 'messages are')} on the way.`,
  noMessages: 'No message waits for any of them.',
  cancelled: (lines: number) => `${counted(lines, 'line was', 'lines were')} cancelled.`,
  refused: (lines: number, why: string) => `For ${counted(lines, 'line', 'lines')} it was refused: ${why}`,
  byHand: 'moved by hand, several at once',
  byBrand: 'cancelled by the brand',
  views: 'Saved views',
  keep: 'Keep this view',
  name: 'Name of the view',
  forget: (name: string) => `Forget the view ${name}`,
};

export const selectWords = inLanguage(english, {
  choose: (title, customer) => `${title} für ${customer} auswählen`,
  bar: 'Was mit den ausgewählten Positionen geschieht',
  selected: (lines, units, value) =>
    `${counted(lines, 'Position', 'Positionen')} ausgewählt: ${counted(units, 'Stück', 'Stück')}, ${value}`,
  all: (lines) => `Alle ${lines} geladenen auswählen`,
  none: 'Keine auswählen',
  first: 'Nach vorn',
  last: 'Ans Ende',
  tell: 'Jetzt mitteilen',
  cancel: 'Stornieren',
  export: 'Ausgeben',
  sure: (units, customers, value) =>
    `${counted(units, 'Stück', 'Stück')} aus ${counted(customers, 'Bestellung', 'Bestellungen')} stornieren, ${value}. Die Kunden erfahren es, und es ist nicht rückgängig zu machen.`,
  yes: 'Stornieren',
  no: 'So lassen',
  doing: (done, all) => `${done} von ${all}`,
  moved: (lines) =>
    `${counted(lines, 'Position', 'Positionen')} verschoben. Niemand hat dadurch ein Stück verloren.`,
  undo: 'Rückgängig',
  undone: 'Sie stehen, wo sie standen.',
  told: (messages) => `${counted(messages, 'Nachricht ist', 'Nachrichten sind')} unterwegs.`,
  noMessages: 'Für keine von ihnen wartet eine Nachricht.',
  cancelled: (lines) => `${counted(lines, 'Position wurde', 'Positionen wurden')} storniert.`,
  refused: (lines, why) => `Für ${counted(lines, 'Position', 'Positionen')} wurde es abgelehnt: ${why}`,
  byHand: 'von Hand verschoben, mehrere auf einmal',
  byBrand: 'vom Händler storniert',
  views: 'Gemerkte Ansichten',
  keep: 'Diese Ansicht merken',
  name: 'Name der Ansicht',
  forget: (name) => `Ansicht ${name} vergessen`,
});
