import { readFile, writeFile } from 'node:fs/promises';
import { parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import * as operations from './operations.ts';
import { API_VERSION, NEXT_API_VERSION } from './settings.ts';
import { requestedCost } from './simulator/cost.ts';
import { keptSchema } from './simulator/schema.ts';
import { publishedSchema } from './testing/published-schema.ts';
import { schemaPart } from './testing/schema-part.ts';

const ALL = Object.entries(operations).filter((one): one is [string, string] => typeof one[1] === 'string');
const PART = new URL('./simulator/schema.graphql', import.meta.url);

describe.each([API_VERSION, NEXT_API_VERSION])(
  'by the schema that Shopify publishes for %s',
  async (version) => {
    const schema = await publishedSchema(version);

    test.skipIf(schema === null).each(ALL)('%s is an operation of it', (_, text) => {
      expect(validate(schema!, parse(text)).map((one) => one.message)).toEqual([]);
    });
  },
);

test('the simulator speaks the part of the published schema that is used', async ({ skip }) => {
  const schema = await publishedSchema(API_VERSION);
  if (schema === null) return skip();
  const part = schemaPart(
    schema,
    ALL.map(([, text]) => text),
  );
  if (process.env.KEPT_WRITE_SCHEMA === 'yes') await writeFile(PART, part);
  // KEPT_WRITE_SCHEMA=yes writes it anew after an operation has changed.
  expect(print(parse(await readFile(PART, 'utf8')))).toBe(print(parse(part)));
});

test.each(ALL)('%s validates against what the simulator speaks', (_, text) => {
  expect(validate(keptSchema(), parse(text)).map((one) => one.message)).toEqual([]);
});

test.each(
  ALL.filter(
    ([name]) => !name.startsWith('BULK_O') && !name.startsWith('BULK_V') && !name.startsWith('BULK_I'),
  ),
)('%s costs no more than one query may', (name, text) => {
  const most = name === 'ORDERS_BY_ID' ? 7 : name === 'INVENTORY_BY_ID' ? 15 : 100;
  const ids = Array.from({ length: most }, (_, index) => `gid://shopify/Thing/${index}`);
  expect(requestedCost(keptSchema(), parse(text), { ids })).toBeLessThanOrEqual(1000);
});
