import { Nearest } from './nearest.ts';
import { type ImportOptions, NeedsAnswer } from './options.ts';
import { type Problem, problem } from './problem.ts';
import type { ImportRecord, Known, Place } from './records.ts';

type Price = { amount: number; currency: string };
type Newcomer = { title: string; price: Price | null; cost: Price | null; line: number };

/**
 * What rows may name: the brand's items, locations, channels and suppliers, and, where asked, those that the rows
 * themselves bring in.
 */
export class References {
  readonly known: Known;
  readonly #options: ImportOptions;
  readonly #items = new Map<string, Newcomer>();
  readonly #places = {
    location: new Map<string, number>(),
    supplier: new Map<string, number>(),
    channel: new Map<string, number>(),
  };
  #newChannel: { code: string; kind: string } | null = null;
  readonly #nearest: { sku: Nearest; location: Nearest; supplier: Nearest; channel: Nearest };
  readonly #titles: {
    location: Map<string, string>;
    supplier: Map<string, string>;
    channel: Map<string, string>;
  };

  constructor(known: Known, options: ImportOptions) {
    this.known = known;
    this.#options = options;
    this.#nearest = {
      sku: new Nearest(known.skus.keys()),
      location: new Nearest(known.locations.keys()),
      supplier: new Nearest(known.suppliers.keys()),
      channel: new Nearest(known.channels.keys()),
    };
    this.#titles = {
      location: byTitle(known.locations),
      supplier: byTitle(known.suppliers),
      channel: byTitle(known.channels),
    };
  }

  /** The SKU if rows may use it, else what is wrong with it. */
  sku(text: string): string | Problem {
    if (this.known.skus.has(text) || this.#options.createItems) return text;
    const near = this.#nearest.sku.to(text);
    return problem(
      'is not a SKU that Kept knows',
      near === null
        ? 'a SKU of the catalogue, or --create-items'
        : `a SKU of the catalogue, perhaps ${near}, or --create-items`,
    );
  }

  /** A location's code, from its code or title. */
  location(text: string): string | Problem {
    return this.#place('location', this.known.locations, text);
  }

  /** A supplier's code, from its code or title. */
  supplier(text: string): string | Problem {
    return this.#place('supplier', this.known.suppliers, text);
  }

  #place(what: 'location' | 'supplier', known: ReadonlyMap<string, unknown>, text: string): string | Problem {
    if (known.has(text)) return text;
    const code = this.#titles[what].get(text.toLowerCase());
    if (code !== undefined) return code;
    if (this.#options.createItems) return text;
    const near = this.#nearest[what].to(text);
    return problem(
      `is not a ${what} that Kept knows`,
      `the code or title of a ${what}${near === null ? '' : `, perhaps ${near}`}, or --create-items`,
    );
  }

  /** A channel's code, from its code or title. */
  channel(text: string): string | Problem {
    if (this.known.channels.has(text)) return text;
    const code = this.#titles.channel.get(text.toLowerCase());
    if (code !== undefined) return code;
    const near = this.#nearest.channel.to(text);
    return problem(
      'is not a channel that Kept knows',
      `the code or title of a channel${near === null ? '' : `, perhaps ${near}`}`,
    );
  }

  /** The same of an order that names its channel: one that Kept does not know is created where that was asked for. */
  channelOfRow(text: string, line: number): string | Problem {
    const found = this.channel(text);
    if (typeof found === 'string' || !this.#options.createItems) return found;
    if (!this.#places.channel.has(text)) this.#places.channel.set(copied(text), line);
    return text;
  }

  /** The channel of the whole file: the one that was said, else the only one of this kind. Throws {@link NeedsAnswer}. */
  channelOfFile(kind: string | null): string {
    const said = this.#options.channel;
    if (said !== undefined) {
      const found = this.channel(said);
      if (typeof found === 'string') return found;
      if (!this.#options.createItems) {
        throw new NeedsAnswer(
          ['channel'],
          `the channel ${said} ${found.message}: expected ${found.expected}, or --create-items`,
        );
      }
      this.#newChannel = { code: said, kind: kind ?? 'web' };
      return said;
    }
    const fitting = [...this.known.channels].filter(
      ([, channel]) => kind === null || channel.kind.toLowerCase() === kind,
    );
    if (fitting.length === 1) return fitting[0]![0];
    const which =
      fitting.length === 0
        ? `no channel of the kind ${kind ?? 'any'} is there`
        : `there are ${fitting.length}`;
    const names = fitting.map(([code]) => code).slice(0, 10);
    throw new NeedsAnswer(
      ['channel'],
      `which channel is this file of? ${which}: say --channel ${names.length > 0 ? names.join(' or ') : 'CODE'}`,
    );
  }

  /** The location of the whole file: the one that was said, else the only one (that fits). Throws {@link NeedsAnswer}. */
  locationOfFile(fits: (code: string, title: string) => boolean = () => true): string {
    const said = this.#options.location;
    if (said !== undefined) {
      const found = this.location(said);
      if (typeof found === 'string') return found;
      throw new NeedsAnswer(
        ['location'],
        `the location ${said} ${found.message}: expected ${found.expected}`,
      );
    }
    const fitting = [...this.known.locations].filter(([code, { title }]) => fits(code, title));
    if (fitting.length === 1) return fitting[0]![0];
    const names = [...this.known.locations.keys()].slice(0, 10);
    throw new NeedsAnswer(
      ['location'],
      `which location is this file of? say --location ${names.length > 0 ? names.join(' or ') : 'CODE'}`,
    );
  }

  /** The supplier of the whole file, where one was said. */
  supplierOfFile(): string | null {
    const said = this.#options.supplier;
    if (said === undefined) return null;
    const found = this.supplier(said);
    if (typeof found === 'string') return found;
    throw new NeedsAnswer(['supplier'], `the supplier ${said} ${found.message}: expected ${found.expected}`);
  }

  /** A good row used this SKU: if it is new, it is remembered with the first title and price that a row gives it. */
  meetItem(sku: string, line: number, title: string, price: Price | null, cost: Price | null = null): void {
    if (!this.#options.createItems || this.known.skus.has(sku)) return;
    const there = this.#items.get(sku);
    if (!there) {
      // a slice keeps the whole piece of text it was cut from alive: these few are copied out of it
      this.#items.set(copied(sku), { title: copied(title), price, cost, line });
      return;
    }
    if (there.title === '' && title !== '') there.title = copied(title);
    if ((there.price === null || there.price.amount === 0) && price !== null && price.amount > 0)
      there.price = price;
    there.cost ??= cost;
  }

  meetLocation(code: string, line: number): void {
    if (!this.known.locations.has(code) && !this.#places.location.has(code))
      this.#places.location.set(copied(code), line);
  }

  meetSupplier(code: string, line: number): void {
    if (!this.known.suppliers.has(code) && !this.#places.supplier.has(code))
      this.#places.supplier.set(copied(code), line);
  }

  /** The records of all that is new, in the order in which they can be applied. */
  *newcomers(): Generator<{ record: ImportRecord; place: Place }> {
    const place = (line: number): Place => ({ line, columns: {} });
    if (this.#newChannel) {
      const { code, kind } = this.#newChannel;
      yield { record: { kind: 'channel', channel: { code, title: code, kind } }, place: place(1) };
    }
    for (const [code, line] of this.#places.channel)
      yield { record: { kind: 'channel', channel: { code, title: code, kind: 'web' } }, place: place(line) };
    for (const [code, line] of this.#places.location)
      yield { record: { kind: 'location', location: { code, title: code } }, place: place(line) };
    for (const [code, line] of this.#places.supplier)
      yield { record: { kind: 'supplier', supplier: { code, title: code } }, place: place(line) };
    const none = { amount: 0, currency: this.#options.currency ?? this.known.currency };
    for (const [sku, { title, price, cost, line }] of this.#items) {
      const item = {
        sku,
        title: title === '' ? sku : title,
        price: price ?? none,
        ...(cost ? { cost } : {}),
      };
      yield { record: { kind: 'item', item }, place: place(line) };
    }
  }
}

const byTitle = (known: ReadonlyMap<string, { title: string }>) =>
  new Map([...known].map(([code, { title }]) => [title.toLowerCase(), code]));
const copied = (text: string) => Buffer.from(text, 'utf16le').toString('utf16le');
