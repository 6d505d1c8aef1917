import { formatCount, formatDay, formatMoney } from '../platform/format.ts';
import { counted, language } from '../platform/language.ts';
import type { Signal, Suggestion } from './work.ts';

/**
 * What the server says of a signal and of an order to be made, in the reader's language. The server's own sentences are English;
 * German ones are made of the same data. A kind, or a choice, that has no German words keeps the server's.
 */
export function wordsOf(signal: Signal, today: string): string {
  return (language === 'de' ? german[signal.kind]?.(signal, today) : undefined) ?? signal.words;
}

export function choiceWords({ choice, words }: Signal['choices'][number], { data }: Signal): string {
  if (language !== 'de') return words;
  if (choice === 'order_moq') return `${number(data.moq)} bestellen: der Rest liegt länger.`;
  // The server names what is like it after a colon.
  const named = /^[^:]+: (.+)$/.exec(words)?.[1];
  if (choice === 'substitute' && named !== undefined) return `Ähnliches anbieten: ${named}`;
  return germanChoices[choice] ?? words;
}

/** Why an item is to be ordered. */
export function whyOrder({ why, ...suggestion }: Suggestion, today: string): string {
  if (language !== 'de') return why;
  const { queue, weeklyDemand, position, quantity, wanted, orderBy, reorderPoint } = suggestion;
  const waiting = queue > 0 ? `${number(queue)} warten, ` : '';
  const more = quantity > wanted ? ` (gebraucht werden ${number(wanted)})` : '';
  return `${waiting}${number(weeklyDemand)} je Woche werden verlangt. Bestand mit dem, was kommt, ohne was versprochen ist: ${number(position)}; der Meldebestand ist ${number(reorderPoint)}. Bestellen: ${number(quantity)} bis ${formatDay(orderBy, today)}${more}.`;
}

const number = (value: unknown) => {
  const read = Number(value);
  return formatCount(Math.abs(read) >= 10 ? Math.round(read) : Math.round(read * 10) / 10);
};
const units = (value: unknown) => `${number(value)} Stück`;
const daysLate = (value: unknown) => counted(Math.round(Number(value)), 'Tag', 'Tage');

const german: Readonly<Record<string, (signal: Signal, today: string) => string | undefined>> = {
  promises_unbacked: ({ sku, data }) =>
    data.orders === undefined
      ? undefined
      : `Zusagen von ${sku} an ${counted(Number(data.orders), 'Bestellung', 'Bestellungen')} sind durch nichts mehr gedeckt.`,
  selling_stopped: ({ sku }) =>
    `Von ${sku} wird kein Rückstand mehr angenommen: nichts, was kommt, kann noch zugesagt werden.`,
  queue_outgrows_supply: ({ sku, data }) =>
    `${units(data.queue)} von ${sku} fehlen, ${number(data.joiningWeekly)} je Woche kommen hinzu und ${number(data.incomingWeekly)} je Woche herein: in ${number(data.weeks)} Wochen fehlen ${number(data.queueThen)}.`,
  purchase_order_overdue: ({ data }, today) =>
    `${data.purchaseOrder} von ${data.supplier} war für ${formatDay(String(data.expectedOn), today)} erwartet und ist ${daysLate(data.overdueDays)} überfällig: ${units(data.units)} sind offen${Number(data.pegged) > 0 ? `, auf ${number(data.pegged)} davon warten Kunden` : ''}.`,
  slip_breaks_promises: ({ data }) =>
    `${data.purchaseOrder} von ${data.supplier} kommt später, als es ${counted(Number(data.orders), 'Bestellung', 'Bestellungen')} zugesagt ist: ${units(data.units)}, ${formatMoney({ amount: Number(data.value), currency: String(data.currency) })}, bis zu ${daysLate(data.days)} zu spät.`,
  runs_out_before_supply: ({ sku, data }, today) =>
    `${sku} gerät bis ${formatDay(String(data.on), today)} in Rückstand (zu ${Math.round(100 * Number(data.probability))} % wahrscheinlich): ${units(data.free)} sind frei, ${number(data.weekly)} je Woche werden verlangt, und ${data.nextPurchaseOrder === null ? 'nichts ist unterwegs' : `${data.nextPurchaseOrder} kommt am ${formatDay(String(data.nextOn), today)}`}.`,
  supplier_worsens: ({ data }) =>
    `${data.supplier} wird später: im letzten Quartal im Mittel ${number(data.lately)} Tage (${number(data.deliveriesLately)} Lieferungen), im Jahr davor ${number(data.before)} (${number(data.deliveriesBefore)}).`,
  moq_bites: ({ sku, data }, today) =>
    `${sku} fiel am ${formatDay(String(data.crossedOn), today)} auf den Meldebestand und braucht ${units(data.needed)}; ${data.supplier ?? 'der Lieferant'} nimmt nicht weniger als ${number(data.moq)} an. Solange niemand entscheidet, wird nichts bestellt.`,
  campaign_without_cover: ({ sku, data }, today) =>
    `Die Aktion ${data.title} (${formatDay(String(data.fromOn), today)} bis ${formatDay(String(data.untilOn), today)}) wird ${units(data.wanted)} von ${sku} verlangen; ${number(Number(data.free) + Number(data.incoming))} sind da oder kommen rechtzeitig, ${number(data.missing)} fehlen.`,
  hold_blocks_queue: ({ sku, data }) =>
    `${units(data.held)} von ${sku} liegen da und können nicht hinaus, während auf ${number(data.queue)} gewartet wird: freigegeben bedienen sie ${number(data.serves)}.`,
  cannot_replenish: ({ sku, data }) => {
    const why = germanNoSupply[String(data.why)];
    return why && `${sku} hat ${units(data.queue)} im Rückstand und kann nicht nachbestellt werden: ${why}.`;
  },
};

const germanNoSupply: Readonly<Record<string, string>> = {
  discontinued: 'er wird nicht mehr geführt',
  no_supplier: 'er hat keinen Lieferanten, und nichts ist unterwegs',
  supplier_abandoned: 'sein Lieferant wurde aufgegeben',
};

/** Those whose words are the same whatever the signal is about. */
const germanChoices: Readonly<Record<string, string>> = {
  reorder: 'Mehr bestellen: den Vorschlag annehmen, wie er ist oder mit anderer Menge.',
  stop_selling: 'Keine Rückstände mehr davon annehmen.',
  substitute: 'Einen ähnlichen Artikel statt seiner anbieten.',
  revise: 'Den Termin mit dem Lieferanten klären und den neuen eintragen.',
  receive: 'Es ist da: eintragen, was kam.',
  reallocate: 'Sehen, wer von anderswo bedient werden könnte, und wer dabei verlöre.',
  tell: 'Den Kunden ihren neuen Tag mitteilen.',
  expedite: 'Die nächste Lieferung vorziehen lassen.',
  lead_time: 'Mit der Lieferzeit planen, die es wirklich braucht.',
  negotiate: 'Mit dem Lieferanten eine kleinere Menge vereinbaren und eintragen.',
  change_campaign: 'Die Aktion verschieben oder den Artikel herausnehmen.',
  release: 'Prüfen und freigeben, was gut ist.',
  supplier: 'Einen anderen Lieferanten dafür finden.',
};
