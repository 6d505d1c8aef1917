import { parseArgs } from 'node:util';

export interface Asked<Name extends string> {
  readonly numbers: Readonly<Record<Name, number>>;
  readonly json: boolean;
  readonly help: boolean;
  readonly positionals: readonly string[];
}

/**
 * The arguments of a long check: whole numbers from 1 by name, as `otherwise` has them where they are not told, and --json and --help.
 * @throws Error with a sentence for whoever called it
 */
export function readArguments<Name extends string>(
  otherwise: Readonly<Record<Name, number>>,
  { allowPositionals = false } = {},
): Asked<Name> {
  const names = Object.keys(otherwise) as Name[];
  const { values, positionals } = parseArgs({
    allowPositionals,
    options: {
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const whole = (name: Name) => {
    const text = (values as Readonly<Record<string, string | boolean | undefined>>)[name];
    if (text === undefined) return otherwise[name];
    if (typeof text !== 'string' || !/^[1-9]\d{0,8}$/.test(text))
      throw new Error(`--${name} is ${JSON.stringify(text)}, but expects a whole number from 1.`);
    return Number(text);
  };
  return {
    numbers: Object.fromEntries(names.map((name) => [name, whole(name)])) as Record<Name, number>,
    json: values.json === true,
    help: values.help === true,
    positionals,
  };
}
