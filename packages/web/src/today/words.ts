import { formatCount } from '../platform/format.ts';
import { inLanguage } from '../platform/language.ts';
import type { Role } from './search-params.ts';

const count = (number: number, one: string, many: string) =>
  `${formatCount(number)} ${number === 1 ? one : many}`;

/** Every word of the day's page. Short and active: each card says what is so, and what its button does. */
const english = {
  title: 'Today',
  decisions: (number: number) =>
    number === 0 ? 'Nothing needs anyone' : `${count(number, 'thing needs', 'things need')} a decision`,
  roles: { buyer: 'Buying', operations: 'Operations', cx: 'Customers', finance: 'Finance' } satisfies Record<
    Role,
    string
  >,
  since: {
    visit: (when: string) => `Since your last visit, ${when}:`,
    nothing: 'nothing happened.',
    kinds: {
      'order.placed': (number: number) => count(number, 'order came in', 'orders came in'),
      'order.cancelled': (number: number) => count(number, 'cancellation', 'cancellations'),
      'order.shipped': (number: number) => count(number, 'order left', 'orders left'),
      'purchase_order.revised': (number: number) =>
        count(number, 'purchase order moved', 'purchase orders moved'),
      'supply.received': (number: number) => count(number, 'delivery received', 'deliveries received'),
      'stock.adjusted': (number: number) => count(number, 'correction of stock', 'corrections of stock'),
      'order.chosen': (number: number) => count(number, 'customer answered', 'customers answered'),
      'message.sent': (number: number) => count(number, 'message sent', 'messages sent'),
      'order.released': (number: number) =>
        count(number, 'order released to pick', 'orders released to pick'),
      'units.reallocated': (number: number) => count(number, 're-allocation', 're-allocations'),
      'queue.moved': (number: number) => count(number, 'line moved by hand', 'lines moved by hand'),
      'refund.requested': (number: number) => count(number, 'refund asked for', 'refunds asked for'),
    },
  },
  everybody: 'Everybody',
  role: 'Whose work',
  calm: 'Nothing needs anyone',
  calmWhy:
    'Every promise is backed and on time, nobody has to be told anything, and nothing has to be ordered.',
  calmFor: (role: Role) =>
    `Nothing needs ${{ buyer: 'the buyer', operations: 'operations', cx: 'customer care', finance: 'finance' }[role]}.`,
  failed: { title: 'Some of it cannot be shown', again: 'Try again' },
  release: {
    title: (orders: number) => `${count(orders, 'order', 'orders')} can leave`,
    more: (orders: number) => `At least ${count(orders, 'order', 'orders')} can leave`,
    text: (units: number, stake: number) =>
      `${count(units, 'unit is', 'units are')} reserved and not being picked yet.${stake > 0 ? ` ${count(stake, 'promise is', 'promises are')} for today or before.` : ''}`,
    do: (orders: number) => `Release ${formatCount(orders)} to pick`,
    doing: (done: number, all: number) => `Releasing: ${formatCount(done)} of ${formatCount(all)}`,
    done: (orders: number) => `${count(orders, 'order is', 'orders are')} released.`,
    failed: (orders: number) =>
      `${count(orders, 'order', 'orders')} could not be released: they have changed meanwhile.`,
    pickList: 'Pick list',
    look: 'Which',
  },
  duty: {
    title: (orders: number) => `${count(orders, 'customer must', 'customers must')} hear from us`,
    today: (number: number) => `${count(number, 'of them', 'of them')} by today.`,
    late: (number: number) => `For ${count(number, 'line', 'lines')} a day has passed that the law sets.`,
    look: 'Who',
    tell: 'Tell them',
    by: (day: string) => `by ${day}`,
  },
  unsent: {
    title: (messages: number) => `${count(messages, 'message waits', 'messages wait')} to be sent`,
    failed: (messages: number) => `${count(messages, 'message', 'messages')} could not be sent`,
  },
  order: {
    do: (units: number, supplier: string | null) =>
      `Draft an order of ${formatCount(units)}${supplier === null ? '' : ` from ${supplier}`}`,
    done: (ref: string) => `The draft is ${ref}.`,
    open: 'Open it',
    more: (items: number) => `${count(items, 'more item is', 'more items are')} below the reorder point.`,
    by: (day: string) => `Order by ${day}`,
  },
  signal: {
    settle: 'It is dealt with',
    settled: 'Put away.',
    queue: 'Who waits',
    purchaseOrder: 'Open the purchase order',
    many: {
      runs_out_before_supply: (number) => `${count(number, 'item', 'items')} will run out before more comes`,
      moq_bites: (number) => `${count(number, 'minimum order', 'minimum orders')} will hold a purchase back`,
      promises_unbacked: (number) => `${count(number, 'item has', 'items have')} promises without backing`,
      queue_outgrows_supply: (number) =>
        `${count(number, 'queue grows', 'queues grow')} faster than supply comes`,
      purchase_order_overdue: (number) =>
        `${count(number, 'purchase order is', 'purchase orders are')} overdue`,
      slip_breaks_promises: (number) => `${count(number, 'slip breaks', 'slips break')} promises`,
      cannot_replenish: (number) => `${count(number, 'item sells', 'items sell')} and cannot be replenished`,
    } as Record<string, (number: number) => string>,
    manyOf: (number: number) => `${count(number, 'signal', 'signals')}`,
    choices: 'What can be done',
  },
  overdue: {
    title: (lines: number) => `${count(lines, 'purchase order line is', 'purchase order lines are')} overdue`,
    text: (units: number) =>
      `${count(units, 'promised unit hangs', 'promised units hang')} on dates that have passed.`,
    look: 'Say when they come',
  },
  wentWrong: 'That could not be done',
  more: (number: number) => `and ${formatCount(number)} more`,
};

const german: typeof english = {
  title: 'Heute',
  decisions: (number) =>
    number === 0
      ? 'Nichts braucht jemanden'
      : `${count(number, 'Sache braucht', 'Sachen brauchen')} eine Entscheidung`,
  roles: { buyer: 'Einkauf', operations: 'Lager und Versand', cx: 'Kundendienst', finance: 'Finanzen' },
  since: {
    visit: (when) => `Seit Ihrem letzten Besuch, ${when}:`,
    nothing: 'Nichts ist geschehen.',
    kinds: {
      'order.placed': (number) => count(number, 'Bestellung kam', 'Bestellungen kamen'),
      'order.cancelled': (number) => count(number, 'Stornierung', 'Stornierungen'),
      'order.shipped': (number) => count(number, 'Bestellung ging hinaus', 'Bestellungen gingen hinaus'),
      'purchase_order.revised': (number) =>
        count(number, 'Einkaufsbestellung verschoben', 'Einkaufsbestellungen verschoben'),
      'supply.received': (number) => count(number, 'Wareneingang', 'Wareneingänge'),
      'stock.adjusted': (number) => count(number, 'Bestandskorrektur', 'Bestandskorrekturen'),
      'order.chosen': (number) => count(number, 'Kunde hat geantwortet', 'Kunden haben geantwortet'),
      'message.sent': (number) => count(number, 'Nachricht gesendet', 'Nachrichten gesendet'),
      'order.released': (number) => count(number, 'Bestellung freigegeben', 'Bestellungen freigegeben'),
      'units.reallocated': (number) => count(number, 'Umverteilung', 'Umverteilungen'),
      'queue.moved': (number) =>
        count(number, 'Position von Hand verschoben', 'Positionen von Hand verschoben'),
      'refund.requested': (number) => count(number, 'Erstattung verlangt', 'Erstattungen verlangt'),
    },
  },
  everybody: 'Alle',
  role: 'Wessen Arbeit',
  calm: 'Nichts braucht jemanden',
  calmWhy:
    'Jede Zusage ist gedeckt und pünktlich, niemand muss etwas erfahren, und nichts muss bestellt werden.',
  calmFor: (role) =>
    `Nichts braucht ${{ buyer: 'den Einkauf', operations: 'Lager und Versand', cx: 'den Kundendienst', finance: 'die Finanzen' }[role]}.`,
  failed: { title: 'Etwas davon kann nicht gezeigt werden', again: 'Noch einmal' },
  release: {
    title: (orders) => `${count(orders, 'Bestellung kann', 'Bestellungen können')} hinausgehen`,
    more: (orders) => `Mindestens ${count(orders, 'Bestellung kann', 'Bestellungen können')} hinausgehen`,
    text: (units, stake) =>
      `${count(units, 'Stück ist', 'Stück sind')} reserviert und noch nicht in der Kommissionierung.${stake > 0 ? ` ${count(stake, 'Zusage ist', 'Zusagen sind')} für heute oder früher.` : ''}`,
    do: (orders) => `${formatCount(orders)} freigeben`,
    doing: (done, all) => `Freigabe: ${formatCount(done)} von ${formatCount(all)}`,
    done: (orders) => `${count(orders, 'Bestellung ist', 'Bestellungen sind')} freigegeben.`,
    failed: (orders) =>
      `${count(orders, 'Bestellung konnte', 'Bestellungen konnten')} nicht freigegeben werden: Sie haben sich inzwischen geändert.`,
    pickList: 'Pickliste',
    look: 'Welche',
  },
  duty: {
    title: (orders) => `${count(orders, 'Kunde muss', 'Kunden müssen')} von uns hören`,
    today: (number) => `${count(number, 'davon', 'davon')} bis heute.`,
    late: (number) =>
      `Für ${count(number, 'Position', 'Positionen')} ist ein Tag verstrichen, den das Gesetz setzt.`,
    look: 'Wer',
    tell: 'Mitteilen',
    by: (day) => `bis ${day}`,
  },
  unsent: {
    title: (messages) => `${count(messages, 'Nachricht wartet', 'Nachrichten warten')} auf den Versand`,
    failed: (messages) =>
      `${count(messages, 'Nachricht konnte', 'Nachrichten konnten')} nicht gesendet werden`,
  },
  order: {
    do: (units, supplier) =>
      `Bestellung über ${formatCount(units)}${supplier === null ? '' : ` bei ${supplier}`} entwerfen`,
    done: (ref) => `Der Entwurf ist ${ref}.`,
    open: 'Öffnen',
    more: (items) =>
      `${count(items, 'weiterer Artikel liegt', 'weitere Artikel liegen')} unter dem Meldebestand.`,
    by: (day) => `Bestellen bis ${day}`,
  },
  signal: {
    settle: 'Es ist erledigt',
    settled: 'Weggelegt.',
    queue: 'Wer wartet',
    purchaseOrder: 'Einkaufsbestellung öffnen',
    many: {
      runs_out_before_supply: (number) =>
        `${count(number, 'Artikel geht', 'Artikel gehen')} aus, bevor Nachschub kommt`,
      moq_bites: (number) =>
        `${count(number, 'Mindestmenge hält', 'Mindestmengen halten')} einen Einkauf auf`,
      promises_unbacked: (number) => `${count(number, 'Artikel hat', 'Artikel haben')} ungedeckte Zusagen`,
      queue_outgrows_supply: (number) =>
        `${count(number, 'Schlange wächst', 'Schlangen wachsen')} schneller, als Nachschub kommt`,
      purchase_order_overdue: (number) =>
        `${count(number, 'Einkaufsbestellung ist', 'Einkaufsbestellungen sind')} überfällig`,
      slip_breaks_promises: (number) => `${count(number, 'Verzug bricht', 'Verzüge brechen')} Zusagen`,
      cannot_replenish: (number) =>
        `${count(number, 'Artikel verkauft sich', 'Artikel verkaufen sich')} und ist nicht nachzubestellen`,
    },
    manyOf: (number) => `${count(number, 'Signal', 'Signale')}`,
    choices: 'Was man tun kann',
  },
  overdue: {
    title: (lines) => `${count(lines, 'Bestellposition ist', 'Bestellpositionen sind')} überfällig`,
    text: (units) =>
      `${count(units, 'zugesagtes Stück hängt', 'zugesagte Stück hängen')} an Terminen, die vorbei sind.`,
    look: 'Sagen, wann sie kommen',
  },
  wentWrong: 'Das ging nicht',
  more: (number) => `und ${formatCount(number)} weitere`,
};

export const words = inLanguage(english, german);
