export interface AskedLine {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
}

interface OwnLine {
  readonly line: number;
  readonly sku: string;
  ordered: number;
  shipped: number;
  cancelled: number;
  refused: number;
  /** Units that were reserved when Kept last spoke of it. */
  reserved: number;
}

/** An order as the one client knows it that made it: nobody else changes it. */
export class OwnOrder {
  readonly ref: string;
  readonly channel: string;
  readonly mode: 'request' | 'placed';
  readonly asked: readonly AskedLine[];
  lines: OwnLine[];
  /** False: some deed had no answer, and the client leaves the order alone. */
  sure = true;

  constructor(ref: string, channel: string, mode: 'request' | 'placed', asked: readonly AskedLine[]) {
    this.ref = ref;
    this.channel = channel;
    this.mode = mode;
    this.asked = asked;
    this.lines = asked.map(({ line, sku, quantity }) => ({
      line,
      sku,
      ordered: quantity,
      shipped: 0,
      cancelled: 0,
      refused: 0,
      reserved: 0,
    }));
  }

  get path(): string {
    return `/v1/orders/${encodeURIComponent(`${this.channel}:${this.ref}`)}`;
  }

  get openLines(): OwnLine[] {
    return this.lines.filter((line) => openOf(line) > 0);
  }

  /** It is there: a request may have been taken in part. */
  begin({ lines }: OrderAnswer): void {
    for (const line of this.lines) {
      const told = lines.find((one) => one.line === line.line);
      if (told === undefined) continue;
      line.ordered = told.ordered;
      line.refused = told.refused ?? 0;
    }
  }

  /** Takes over what only Kept can know: how many units are reserved. */
  hear({ lines }: OrderAnswer): void {
    for (const line of this.lines) {
      line.reserved = 0;
      for (const one of lines.find((other) => other.line === line.line)?.commitments ?? [])
        if (one.kind === 'reserved' && one.sku === undefined) line.reserved += one.quantity;
    }
  }

  cancel(line: OwnLine, quantity: number): void {
    line.cancelled += quantity;
  }

  ship(line: OwnLine, quantity: number): void {
    line.shipped += quantity;
    line.reserved = Math.max(0, line.reserved - quantity);
  }

  /** The line's new total, without what was cancelled. */
  resize(line: OwnLine, quantity: number): void {
    const has = line.ordered - line.cancelled;
    if (quantity < has) line.cancelled += has - quantity;
    else line.ordered += quantity - has;
  }
}

interface OrderAnswer {
  readonly lines: readonly {
    readonly line: number;
    readonly ordered: number;
    readonly refused?: number;
    readonly commitments: readonly {
      readonly kind: string;
      readonly quantity: number;
      /** The component of a kit. */
      readonly sku?: string;
    }[];
  }[];
}

export function openOf(line: Pick<OwnLine, 'ordered' | 'shipped' | 'cancelled'>): number {
  return line.ordered - line.shipped - line.cancelled;
}

export type { OwnLine };
