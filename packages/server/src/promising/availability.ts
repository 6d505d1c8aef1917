import { createHash } from 'node:crypto';
import type { Availability as AvailabilityContract } from '@kept/contract';
import {
  availability,
  type Catalogue,
  dayText,
  languageOf,
  type OwnWords,
  type Voice,
  voiceOf,
  type World,
  withOwnWords,
  write,
  writeCharge,
  writeWays,
} from '@kept/engine';
import type { z } from 'zod';
import type { KnownItem } from './item-store.ts';
import type { ItemWords } from './offer-store.ts';
import type { LoadedItem } from './position-store.ts';
import type { Settings } from './world-store.ts';

export type AvailabilityView = z.output<typeof AvailabilityContract>;

type Action = AvailabilityView['action'];

export interface AvailabilityAsked {
  readonly sku: string;
  readonly channel: string;
  readonly quantity: number;
  /** ISO 3166-1, with or without a region behind it. */
  readonly shipTo: string | undefined;
  /** BCP 47, of a language that Kept speaks. */
  readonly tag: string;
  /** What it is to be made with. */
  readonly options?: readonly string[] | undefined;
}

/** An item as it is offered: itself, and for a kit what it is made of. */
export interface Offered {
  readonly item: KnownItem;
  readonly words: ItemWords;
  readonly own: LoadedItem;
  /** Each leg's position, once. */
  readonly legs: readonly LoadedItem[];
}

/** Decides what a shopper is told, and says it in their language. Nothing that is given is changed. */
export function answerAvailability(
  settings: Settings,
  world: World,
  { item, words, own, legs }: Offered,
  asked: AvailabilityAsked & { readonly place: number },
): Omit<AvailabilityView, 'asOf'> {
  const { sku, channel, quantity, tag } = asked;
  const found = availability(
    world,
    legs.map((leg) => copyFor(leg, world.now)),
    {
      channel: asked.place,
      quantity,
      legs: item.legs,
      kit: item.kit,
      options: asked.options,
      country: asked.shipTo?.slice(0, 2) ?? settings.country ?? '',
      own,
      price: words.price,
    },
  );
  const voice = voiceOf(tag, dayText(world.today), catalogueOf(settings, tag));
  const said = write(voice, found.said);
  const { currency } = found.charge;
  const money = (amount: number) => ({ amount, currency });
  const { kind, dueNow, authorised, atShipment, invoiced } = found.charge;
  const range = found.range && { from: dayText(found.range.from), to: dayText(found.range.to) };
  const ways = found.ways.length === 0 ? null : writeWays(voice, range!.to);
  return {
    sku,
    channel,
    quantity,
    state: found.state,
    now: found.now,
    later: found.later.map((one) => ({ quantity: one.quantity, shipBy: dayText(one.shipBy) })),
    charge: writeCharge(voice, found.charge.said),
    copy: said.text,
    headline: said.headline,
    button: said.button,
    action: found.action,
    missing: found.missing,
    range,
    ways: ways === null ? [] : found.ways.map((way) => ({ way, words: ways[way] })),
    price: words.price,
    payment: {
      kind,
      dueNow: money(dueNow),
      authorised: money(authorised),
      atShipment: money(atShipment),
      invoiced: money(invoiced),
    },
    title: words.title,
    locale: tag,
    ...(own.launchDay === null ? {} : { launchOn: dayText(own.launchDay) }),
    ...(found.missing === 0 || words.alternatives.length === 0
      ? {}
      : { alternatives: [...words.alternatives], alternativesTitle: voice.words.page.alternatives }),
    ...formOf(voice, found.action),
  };
}

function formOf({ words: { page } }: Voice, action: Action): Pick<AvailabilityView, 'form'> {
  if (action === 'join_waitlist') return { form: { label: page.email, done: page.joined } };
  return action === 'notify_me' ? { form: { label: page.email, done: page.subscribed } } : {};
}

/** The moment from which an answer may be another though nothing happened: the first cart on the item that is over. */
export function holdsUntil(legs: readonly LoadedItem[], now: number): number {
  let until = Number.POSITIVE_INFINITY;
  for (const leg of legs)
    for (const hold of leg.holds) if (hold.expiresAt > now) until = Math.min(until, hold.expiresAt);
  return until;
}

/** An answer without its time, as it is sent: everything before the time, and a tag of what it says. */
export interface Rendered {
  readonly head: string;
  readonly etag: string;
}

export function render(answer: Omit<AvailabilityView, 'asOf'>): Rendered {
  const text = JSON.stringify(answer);
  const etag = `"${createHash('sha1').update(text).digest('base64url')}"`;
  return { head: `${text.slice(0, -1)},"asOf":"`, etag };
}

const catalogues = new WeakMap<OwnWords, Catalogue>();

/** The words of a language with the brand's own laid over them, put together once per settings. */
export function catalogueOf(settings: Settings, tag: string): Catalogue | undefined {
  const language = languageOf(tag) ?? 'en';
  const own = settings.words.get(language);
  if (own === undefined) return undefined;
  let words = catalogues.get(own);
  if (words === undefined) {
    words = withOwnWords(language, own);
    catalogues.set(own, words);
  }
  return words;
}

/**
 * A position to decide on: the decision uses up what it is given, and what was loaded is kept. Holds whose time is over keep
 * nothing any more, whether or not somebody has cleared them away.
 */
function copyFor(position: LoadedItem, now: number): LoadedItem {
  const copy: LoadedItem = {
    ...position,
    stock: position.stock.map((stock) => ({ ...stock })),
    supplies: position.supplies.map((supply) => ({ ...supply })),
    limits: position.limits.map((limit) => ({ ...limit })),
    holds: [],
    lines: [],
  };
  for (const hold of position.holds) {
    if (hold.expiresAt > now) {
      copy.holds.push({ ...hold, commitments: hold.commitments.map((one) => ({ ...one })) });
      continue;
    }
    for (const one of hold.commitments) {
      if (one.kind === 'reserved')
        copy.stock.find((stock) => stock.place === one.source)!.held -= one.quantity;
      const supply = copy.supplies.find((candidate) => candidate.id === one.source);
      if (one.kind === 'pegged' && supply !== undefined) supply.held -= one.quantity;
    }
  }
  return copy;
}
