import { formatCount } from '../../platform/format.ts';
import { inLanguage } from '../../platform/language.ts';
import { words as queueWords } from '../words.ts';

const { units, lines, days } = queueWords;

/** The words of one line's story. */
const english = {
  close: 'Close',
  loading: 'Reading this line’s story',
  line: (order: string, line: string | number) => `Order ${order}, line ${line}`,
  facts: { quantity: 'Waits for', value: 'Value', since: 'Since', promised: 'Promised', window: 'May leave' },
  window: (from?: string, until?: string) =>
    from && until ? `${from} to ${until}` : from ? `from ${from}` : `until ${until}`,
  why: 'Why it stands here',
  backedBy: 'Backed by',
  component: (sku: string) => `Component ${sku}`,
  inStock: (location: string | undefined) => (location ? `In stock at ${location}` : 'In stock'),
  unbacked: 'Nothing backs these',
  unbackedWhy: 'no stock or supply is free for them',
  leaves: (day: string) => `leaves ${day}`,
  due: (day: string) => `due ${day}`,
  ofLine: (line: string | number) => `line ${line}`,
  filterPurchaseOrder: (name: string) => `Show every line that ${name} backs`,
  item: 'What will be of it',
  filterSku: 'Show the whole queue of this item',
  split: (now: number, later: number, none: number) =>
    [
      now > 0 ? `${units(now)} now` : '',
      later > 0 ? `${formatCount(later)} on the way` : '',
      none > 0 ? `${formatCount(none)} unbacked` : '',
    ]
      .filter(Boolean)
      .join(', '),
  ahead: 'Who is ahead',
  nobodyAhead: 'Nobody. This line is first in its item’s queue.',
  aheadOf: (count: number, ahead: number) =>
    `${lines(count)} with ${units(ahead)} ${count === 1 ? 'goes' : 'go'} first.`,
  promises: 'Promised',
  noPromise: 'No date has been promised: nothing backs one.',
  firstPromise: 'first promise',
  later: (number: number) => `${days(number)} later`,
  sooner: (number: number) => `${days(number)} sooner`,
  sameDay: 'same day',
  made: (day: string) => `promised on ${day}`,
  part: (quantity: number, day: string) => `${units(quantity)} on ${day}`,
  deliver: (day: string) => `arrives by ${day}`,
  reasons: {
    pegged: (quantity: number, supply: string, due: string | undefined, bufferDays: number) =>
      [
        `${units(quantity)} from ${supply}`,
        due ? `, due ${due}` : '',
        bufferDays > 0 ? `, with ${days(bufferDays)} of buffer` : '',
      ].join(''),
    reserved: (quantity: number, location: string | undefined) =>
      `${units(quantity)} from stock${location ? ` at ${location}` : ''}`,
    unbacked: (quantity: number) => `${units(quantity)} not promised: nothing backs them`,
    notBefore: (day: string) => `not wanted before ${day}`,
    shipsComplete: 'the order ships complete, with its latest line',
    /** A code this page has no words for yet: made readable, with what it names. */
    other: (code: string, data: readonly string[]) => {
      const text = code.replaceAll('_', ' ');
      return data.length > 0 ? `${text}: ${data.join(', ')}` : text;
    },
  },
  forCustomer: 'What to tell the customer',
  copy: 'Copy',
  copied: 'Copied',
  history: 'What happened',
  failed: 'This line could not be read',
  again: 'Try again',
  gone: 'This line no longer waits',
  goneWhy: 'It shipped, was cancelled, or its units are set aside from stock.',
};

const german: typeof english = {
  close: 'Schließen',
  loading: 'Die Geschichte dieser Position wird gelesen',
  line: (order, line) => `Bestellung ${order}, Position ${line}`,
  facts: {
    quantity: 'Wartet auf',
    value: 'Wert',
    since: 'Seit',
    promised: 'Zugesagt',
    window: 'Darf hinaus',
  },
  window: (from, until) => (from && until ? `${from} bis ${until}` : from ? `ab ${from}` : `bis ${until}`),
  why: 'Warum sie hier steht',
  backedBy: 'Gedeckt durch',
  component: (sku) => `Bestandteil ${sku}`,
  inStock: (location) => (location ? `Auf Lager in ${location}` : 'Auf Lager'),
  unbacked: 'Nichts deckt diese',
  unbackedWhy: 'weder Bestand noch Lieferung ist für sie frei',
  leaves: (day) => `geht hinaus ${day}`,
  due: (day) => `fällig ${day}`,
  ofLine: (line) => `Position ${line}`,
  filterPurchaseOrder: (name) => `Jede Position zeigen, die ${name} deckt`,
  item: 'Was aus ihm wird',
  filterSku: 'Die ganze Schlange dieses Artikels zeigen',
  split: (now, later, none) =>
    [
      now > 0 ? `${units(now)} jetzt` : '',
      later > 0 ? `${formatCount(later)} unterwegs` : '',
      none > 0 ? `${formatCount(none)} ungedeckt` : '',
    ]
      .filter(Boolean)
      .join(', '),
  ahead: 'Wer davor steht',
  nobodyAhead: 'Niemand. Diese Position ist die erste in der Schlange ihres Artikels.',
  aheadOf: (count, ahead) => `${lines(count)} mit ${units(ahead)} ${count === 1 ? 'geht' : 'gehen'} vor.`,
  promises: 'Zugesagt',
  noPromise: 'Kein Termin ist zugesagt: Nichts deckt einen.',
  firstPromise: 'erste Zusage',
  later: (number) => `${days(number)} später`,
  sooner: (number) => `${days(number)} früher`,
  sameDay: 'derselbe Tag',
  made: (day) => `zugesagt am ${day}`,
  part: (quantity, day) => `${units(quantity)} am ${day}`,
  deliver: (day) => `kommt an bis ${day}`,
  reasons: {
    pegged: (quantity, supply, due, bufferDays) =>
      [
        `${units(quantity)} aus ${supply}`,
        due ? `, fällig ${due}` : '',
        bufferDays > 0 ? `, mit ${days(bufferDays)} Puffer` : '',
      ].join(''),
    reserved: (quantity, location) =>
      `${units(quantity)} aus dem Bestand${location ? ` in ${location}` : ''}`,
    unbacked: (quantity) => `${units(quantity)} nicht zugesagt: Nichts deckt sie`,
    notBefore: (day) => `nicht vor dem ${day} gewünscht`,
    shipsComplete: 'die Bestellung geht in einem hinaus, mit ihrer letzten Position',
    other: (code, data) => {
      const text = code.replaceAll('_', ' ');
      return data.length > 0 ? `${text}: ${data.join(', ')}` : text;
    },
  },
  forCustomer: 'Was dem Kunden zu sagen ist',
  copy: 'Kopieren',
  copied: 'Kopiert',
  history: 'Was geschah',
  failed: 'Diese Position konnte nicht gelesen werden',
  again: 'Noch einmal',
  gone: 'Diese Position wartet nicht mehr',
  goneWhy: 'Sie wurde versandt oder storniert, oder ihre Stück sind aus dem Bestand zurückgelegt.',
};

export const words = inLanguage(english, german);
