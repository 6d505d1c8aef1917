import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import {
  type Catalogue,
  CHARGE_PLACEHOLDERS,
  LANGUAGES,
  type Language,
  PLACEHOLDERS,
  type Wording,
} from './messages.ts';

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, de, fr, es };

/** Words of a brand's own, by the path of what they replace: 'states.backorder.dated.text'. */
export type OwnWords = Readonly<Record<string, string>>;

/** Every text that may be edited, by its path, with the placeholders it must have. */
export const EDITABLE: ReadonlyMap<string, readonly string[]> = new Map([...editable()]);

function* editable(): Generator<[string, readonly string[]]> {
  for (const [state, messages] of Object.entries(PLACEHOLDERS))
    for (const [key, placeholders] of Object.entries(messages as Record<string, readonly string[]>))
      for (const part of ['headline', 'text', 'button'] as const)
        yield [`states.${state}.${key}.${part}`, placeholders];
  for (const [key, placeholders] of Object.entries(CHARGE_PLACEHOLDERS))
    yield [`charge.${key}`, placeholders];
  yield ['parts.now', ['quantity']];
  yield ['parts.later', ['quantity', 'day']];
  yield ['parts.charge', ['quantity', 'charge']];
  yield ['ways.apart', []];
  yield ['ways.together', ['day']];
  for (const key of Object.keys(en.page)) yield [`page.${key}`, []];
}

/** The placeholders of a text, each once. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{([a-z_]+)\}/g)].map((found) => found[1]!))];
}

/**
 * What is wrong with a language's words: placeholders that a message needs and none of its parts says, and placeholders that
 * it does not have. The button and the headline may leave them to the text. Empty: all is well.
 */
export function faultsOfCatalogue(catalogue: Catalogue): string[] {
  const faults: string[] = [];
  for (const [state, messages] of Object.entries(PLACEHOLDERS))
    for (const [key, placeholders] of Object.entries(messages as Record<string, readonly string[]>)) {
      const wording = (catalogue.states as Record<string, Record<string, Wording>>)[state]![key]!;
      const all = `${wording.headline} ${wording.text} ${wording.button}`;
      faults.push(...compare(`states.${state}.${key}`, all, placeholders));
      for (const part of ['headline', 'text', 'button'] as const)
        if (wording[part].trim() === '') faults.push(`states.${state}.${key}.${part} says nothing`);
    }
  for (const [key, placeholders] of Object.entries(CHARGE_PLACEHOLDERS))
    faults.push(
      ...compare(`charge.${key}`, catalogue.charge[key as keyof Catalogue['charge']], placeholders),
    );
  for (const [path, placeholders] of EDITABLE)
    if (/^(parts|ways|page)\./.test(path))
      faults.push(...compare(path, textAt(catalogue, path), placeholders));
  return faults;
}

function compare(path: string, text: string, wanted: readonly string[]): string[] {
  if (text.trim() === '') return [`${path} says nothing`];
  const there = placeholdersIn(text);
  return [
    ...wanted.filter((name) => !there.includes(name)).map((name) => `${path} lacks {${name}}`),
    ...there
      .filter((name) => !wanted.includes(name))
      .map((name) => `${path} has {${name}}, which it is not given`),
  ];
}

/** A language's words with a brand's own laid over them. Paths that do not exist are left out: they were checked when saved. */
export function withOwnWords(language: Language, own: OwnWords | undefined): Catalogue {
  const base = CATALOGUES[language];
  if (own === undefined || Object.keys(own).length === 0) return base;
  const copy = structuredClone(base) as Catalogue;
  for (const [path, text] of Object.entries(own)) {
    if (!EDITABLE.has(path)) continue;
    const names = path.split('.');
    const last = names.pop()!;
    let at = copy as unknown as Record<string, unknown>;
    for (const name of names) at = at[name] as Record<string, unknown>;
    at[last] = text;
  }
  return copy;
}

/** What is wrong with a brand's own words for a language: unknown paths, and placeholders that are missing or unknown. */
export function faultsOfOwnWords(language: Language, own: OwnWords): { path: string; message: string }[] {
  const unknown = Object.keys(own)
    .filter((path) => !EDITABLE.has(path))
    .map((path) => ({ path, message: 'there is no such text; GET /v1/copy lists them' }));
  if (unknown.length > 0) return unknown;
  return faultsOfCatalogue(withOwnWords(language, own)).map((fault) => {
    const [place = '', ...rest] = fault.split(' ');
    const path = Object.keys(own).find((one) => one === place || one.startsWith(`${place}.`)) ?? place;
    return { path, message: rest.join(' ') };
  });
}

/** The text at an editable path. */
export function textAt(catalogue: Catalogue, path: string): string {
  let at: unknown = catalogue;
  for (const name of path.split('.')) at = (at as Record<string, unknown>)[name];
  return at as string;
}

/** The language of a tag such as de-AT, or null where Kept does not speak it. */
export function languageOf(tag: string): Language | null {
  const primary = tag.trim().toLowerCase().split(/[-_]/)[0]!;
  return LANGUAGES.find((one) => one === primary) ?? null;
}

/** The first tag of an Accept-Language header (or of one tag) that Kept speaks; English where it speaks none. */
export function chooseTag(wanted: string | undefined): string {
  const tags = (wanted ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const weight = parameters
        .map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1])
        .find((one) => one !== undefined);
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => weight > 0 && /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(tag))
    .sort((a, b) => b.weight - a.weight);
  return tags.find(({ tag }) => languageOf(tag) !== null)?.tag ?? 'en';
}
