import { expect, test } from 'vitest';
import { z } from 'zod';
import { CONNECTORS } from './connectors.ts';

interface Shape {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
}

const fields = CONNECTORS.flatMap(({ kind, settings, secrets }) =>
  [settings, secrets].flatMap((schema) =>
    Object.entries((z.toJSONSchema(schema, { io: 'input' }) as Shape).properties ?? {}).map(
      ([name, field]) => [`${kind} ${name}`, field.description] as const,
    ),
  ),
);

test('whoever connects something reads of every setting and secret what it is', () => {
  expect(fields.length).toBeGreaterThan(60);
  expect(fields.filter(([, description]) => description === undefined).map(([name]) => name)).toEqual([]);
});
