/** Tryton's JSON: days, instants, decimals and spans travel as objects that name their class. */

export class Decimal {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class Day {
  readonly text: string;
  /** @param text YYYY-MM-DD */
  constructor(text: string) {
    this.text = text;
  }
}

/** ISO 8601, in UTC. */
export class Stamp {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export function encoded(value: unknown): unknown {
  if (value instanceof Decimal) return { __class__: 'Decimal', decimal: value.text };
  if (value instanceof Day) {
    const [year, month, day] = value.text.split('-').map(Number);
    return { __class__: 'date', year, month, day };
  }
  if (value instanceof Stamp) {
    const at = new Date(value.text);
    return {
      __class__: 'datetime',
      year: at.getUTCFullYear(),
      month: at.getUTCMonth() + 1,
      day: at.getUTCDate(),
      hour: at.getUTCHours(),
      minute: at.getUTCMinutes(),
      second: at.getUTCSeconds(),
      microsecond: at.getUTCMilliseconds() * 1000,
    };
  }
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, encoded(one)]));
  return value;
}

type Travelling = Record<string, unknown> & { __class__?: string };

/** Days as YYYY-MM-DD, instants as ISO 8601, decimals as their text, spans as seconds. */
export function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  const one = value as Travelling;
  const number = (key: string) => Number(one[key] ?? 0);
  switch (one.__class__) {
    case 'Decimal':
      return String(one.decimal);
    case 'date':
      return new Date(Date.UTC(number('year'), number('month') - 1, number('day')))
        .toISOString()
        .slice(0, 10);
    case 'datetime':
      return new Date(
        Date.UTC(
          number('year'),
          number('month') - 1,
          number('day'),
          number('hour'),
          number('minute'),
          number('second'),
          Math.floor(number('microsecond') / 1000),
        ),
      ).toISOString();
    case 'timedelta':
      return number('seconds');
    default:
      return Object.fromEntries(Object.entries(one).map(([key, part]) => [key, decoded(part)]));
  }
}
