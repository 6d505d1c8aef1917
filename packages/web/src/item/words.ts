import { formatCount } from '../platform/format.ts';
import { inLanguage } from '../platform/language.ts';

const count = (number: number, one: string, many: string) =>
  `${formatCount(number)} ${number === 1 ? one : many}`;

/** Every word of an item's page. */
const english = {
  loading: 'Reading the item',
  missing: (sku: string) => `There is no item ${sku}`,
  failed: { title: 'The item cannot be shown', again: 'Try again' },
  back: 'Its queue',
  figures: {
    onHand: 'On hand',
    reserved: (units: number) => `${formatCount(units)} of them reserved`,
    waiting: 'Backordered',
    backed: (units: number) => `${formatCount(units)} backed by supply`,
    unbacked: (units: number) => `${formatCount(units)} by nothing`,
    stockOut: 'Runs out',
    never: 'not in sight',
    now: 'out now',
    half: 'in half of the scenarios',
    deepest: 'Deepest queue',
    units: (units: number) => count(units, 'unit', 'units'),
    cover: (weeks: number | null) =>
      weeks === null ? 'no demand seen' : `${weeks.toFixed(1)} weeks of cover`,
  },
  chart: {
    title: 'Stock and queue, day by day',
    how: 'Each open unit is drawn on the day on which it will be fulfilled. The band holds eight of ten scenarios.',
    stock: 'Stock',
    queue: 'Queue',
    band: '10 to 90 of 100 scenarios',
    naive: 'Drawn all today, as a spreadsheet does',
    showNaive: 'Show what a spreadsheet says',
    days: 'Days ahead',
    arrival: (units: number, name: string) => `${formatCount(units)} from ${name}`,
    table: 'As a table',
    file: 'As a file',
    columns: ['Day', 'Stock', 'Queue', 'Expected demand', 'Run out by then'],
    between: (low: number, high: number) => `${formatCount(low)} to ${formatCount(high)}`,
    description: (sku: string, out: string) => `Projected stock and queue of ${sku}. Runs out: ${out}.`,
  },
  suppose: {
    title: 'What if',
    demand: 'Demand',
    slip: 'Supply later by',
    days: (days: number) => count(days, 'day', 'days'),
    reset: 'As it is',
  },
  pegging: {
    title: 'What fills whom',
    stock: 'On the shelf',
    nothing: 'Nothing yet',
    free: (units: number) => `${formatCount(units)} free`,
    of: (units: number, lines: number) =>
      `${count(units, 'unit', 'units')} for ${count(lines, 'line', 'lines')}`,
    leaves: (day: string) => `by ${day}`,
    first: (lines: number) => `The first ${formatCount(lines)} lines of the queue are drawn.`,
    nobody: 'Nobody waits for it.',
  },
  channels: { title: 'What shoppers see' },
  supply: {
    title: 'On its way',
    none: 'Nothing is on its way.',
    expected: (day: string) => `expected ${day}`,
  },
};

const german: typeof english = {
  loading: 'Der Artikel wird gelesen',
  missing: (sku) => `Es gibt keinen Artikel ${sku}`,
  failed: { title: 'Der Artikel kann nicht gezeigt werden', again: 'Noch einmal' },
  back: 'Seine Warteschlange',
  figures: {
    onHand: 'Auf Lager',
    reserved: (units) => `${formatCount(units)} davon reserviert`,
    waiting: 'Im Rückstand',
    backed: (units) => `${formatCount(units)} durch Lieferungen gedeckt`,
    unbacked: (units) => `${formatCount(units)} durch nichts`,
    stockOut: 'Geht aus',
    never: 'nicht in Sicht',
    now: 'jetzt aus',
    half: 'in der Hälfte der Szenarien',
    deepest: 'Längste Schlange',
    units: (units) => count(units, 'Stück', 'Stück'),
    cover: (weeks) =>
      weeks === null ? 'keine Nachfrage gesehen' : `Reichweite ${weeks.toFixed(1).replace('.', ',')} Wochen`,
  },
  chart: {
    title: 'Bestand und Schlange, Tag für Tag',
    how: 'Jedes offene Stück geht an dem Tag ab, an dem es erfüllt wird. Das Band hält acht von zehn Szenarien.',
    stock: 'Bestand',
    queue: 'Schlange',
    band: '10 bis 90 von 100 Szenarien',
    naive: 'Alles heute abgezogen, wie es eine Tabelle tut',
    showNaive: 'Zeigen, was eine Tabelle sagt',
    days: 'Tage voraus',
    arrival: (units, name) => `${formatCount(units)} aus ${name}`,
    table: 'Als Tabelle',
    file: 'Als Datei',
    columns: ['Tag', 'Bestand', 'Schlange', 'Erwartete Nachfrage', 'Bis dahin aus'],
    between: (low, high) => `${formatCount(low)} bis ${formatCount(high)}`,
    description: (sku, out) => `Vorausschau auf Bestand und Schlange von ${sku}. Geht aus: ${out}.`,
  },
  suppose: {
    title: 'Was wäre, wenn',
    demand: 'Nachfrage',
    slip: 'Lieferungen später um',
    days: (days) => count(days, 'Tag', 'Tage'),
    reset: 'Wie es ist',
  },
  pegging: {
    title: 'Was wen beliefert',
    stock: 'Im Regal',
    nothing: 'Noch nichts',
    free: (units) => `${formatCount(units)} frei`,
    of: (units, lines) => `${count(units, 'Stück', 'Stück')} für ${count(lines, 'Position', 'Positionen')}`,
    leaves: (day) => `bis ${day}`,
    first: (lines) => `Die ersten ${formatCount(lines)} Positionen der Schlange sind gezeichnet.`,
    nobody: 'Niemand wartet darauf.',
  },
  channels: { title: 'Was Käufer sehen' },
  supply: {
    title: 'Unterwegs',
    none: 'Nichts ist unterwegs.',
    expected: (day) => `erwartet ${day}`,
  },
};

export const words = inLanguage(english, german);
