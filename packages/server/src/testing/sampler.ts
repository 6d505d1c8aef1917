/** The part of JSON Schema in which OpenAPI describes what a route takes. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

/** One operation of an OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | null;
}

export function operationsOf(document: {
  // biome-ignore lint/suspicious/noExplicitAny: a document of somebody else's making
  paths: Record<string, Record<string, any>>;
}): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content?.['application/json']?.schema ?? null,
    })),
  );
}

/** 0 ≤ answer < 1. */
export type Chance = () => number;

/** Chance that a seed repeats (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What stands behind names of the API: for `sku` an item that is there, so that a sample gets past the first look. */
export type Names = Readonly<Record<string, readonly (string | number)[]>>;

export interface Sampler {
  value(schema: Schema, name?: string): unknown;
  /** A request that the description of the operation allows. */
  request(operation: Operation): { path: string; body: unknown };
}

const PATTERNS: readonly [sign: RegExp, samples: readonly string[]][] = [
  [/^\^\[A-Z\]\{3\}\$$/, ['USD']],
  [/^\^\[A-Z\]\{2\}\$$/, ['US', 'DE']],
  [/^\^#\[0-9a-f\]\{6\}/, ['#2f5d46']],
  [/\(\[01\]\\d\|2\[0-3\]\):\[0-5\]\\d\)?\$$/, ['15:30']],
  [/^\^\\\+\[1-9\]/, ['+44 20 7183 8750']],
  [/^\^\\d\{1,15\}-/, ['12-1', '1-1']],
  [/\.\(csv\|xlsx\)/, ['book.csv', 'journal.csv']],
  [/^\^\\d\{1,12\}\(/, ['1.25']],
  [/^\^https\?/, ['https://example.com/hook']],
];

const DAYS = ['2026-03-02', '2026-03-20', '2026-04-14', '2026-06-01'];

/** Samples of what schemas allow. */
export function samplerOf(chance: Chance, names: Names): Sampler {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!;

  const text = ({ format, pattern, minLength = 0, maxLength = 40 }: Schema, name: string): string => {
    if (format === 'date') return pick(DAYS);
    if (format === 'date-time') return `${pick(DAYS)}T10:00:00Z`;
    if (format === 'email') return 'ada@example.com';
    if (format === 'uri') return 'https://example.com/a';
    if (format === 'uuid') return '3f2c6b1e-8a44-4e0e-9d1c-0123456789ab';
    const known = names[name];
    if (pattern === undefined) {
      if (known !== undefined && chance() < 0.9) return String(pick(known));
      return 'sample'.repeat(Math.ceil(Math.max(minLength, 1) / 6)).slice(0, Math.max(maxLength, 1));
    }
    const fitting = known?.map(String).filter((one) => new RegExp(pattern, 'u').test(one)) ?? [];
    if (fitting.length > 0) return pick(fitting);
    for (const [sign, samples] of PATTERNS) if (sign.test(pattern)) return pick(samples);
    return 'sample';
  };

  const number = ({ minimum, maximum, exclusiveMinimum, type }: Schema, name: string): number => {
    const known = names[name]?.filter((one) => typeof one === 'number');
    if (known !== undefined && known.length > 0) return pick(known);
    const least = Math.max(minimum ?? -3, exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + 1);
    const most = Math.min(maximum ?? least + 20, least + 20);
    const drawn = least + chance() * (most - least);
    return type === 'integer' ? Math.round(drawn) : drawn;
  };

  const value = (schema: Schema, name = ''): unknown => {
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return pick(schema.enum);
    const either = schema.anyOf ?? schema.oneOf;
    if (either !== undefined) return value(pick(either), name);
    if (schema.allOf !== undefined)
      return Object.assign({}, ...schema.allOf.map((part) => value(part, name) as object));
    switch (schema.type) {
      case 'string':
        return text(schema, name);
      case 'integer':
      case 'number':
        return number(schema, name);
      case 'boolean':
        return chance() < 0.5;
      case 'null':
        return null;
      case 'array': {
        const least = schema.minItems ?? 0;
        const length = Math.min(Math.max(least, 1), schema.maxItems ?? 1);
        return Array.from({ length }, () => value(schema.items ?? {}, name.replace(/s$/, '')));
      }
      case 'object':
        return object(schema, name);
      default:
        return 'anything';
    }
  };

  const object = (schema: Schema, name: string): Record<string, unknown> => {
    const made: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(schema.properties ?? {}))
      if (schema.required?.includes(key) || chance() < 0.35) made[key] = value(member, key);
    if (typeof schema.additionalProperties === 'object' && schema.properties === undefined)
      made[String(value(schema.propertyNames ?? { type: 'string' }, name))] = value(
        schema.additionalProperties,
        name,
      );
    return made;
  };

  return {
    value,
    request({ path, parameters, body }) {
      let address = path;
      const query = new URLSearchParams();
      for (const { in: where, name, required, schema } of parameters) {
        if (where === 'path') {
          // An id means another thing below each address: /v1/holds/{id} → holds.
          const owner = /([\w-]+)\/\{/.exec(path)?.[1] ?? '';
          const sample = names[owner] === undefined ? value(schema, name) : pick(names[owner]);
          address = address.replace(`{${name}}`, encodeURIComponent(String(sample)));
        } else if (where === 'query' && (required || chance() < 0.25))
          query.set(name, String(value(schema, name)));
      }
      const asked = query.toString();
      return {
        path: asked === '' ? address : `${address}?${asked}`,
        body: body === null ? undefined : value(body),
      };
    },
  };
}
