import { beforeAll, describe, expect, test } from 'vitest';
import { testApp } from '../accounts/testing/test-app.ts';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { catalogRoutes, saveItems, saveListings, saveLocations, saveSuppliers } from './index.ts';

const { db } = await testDatabase();
const { kept, ask, askOther, rows } = await testApp(db, catalogRoutes);

const gbp = (amount: number) => ({ amount, currency: 'GBP' });
const mug = { title: 'Mug', price: gbp(1250) };
const events = async (kind: string) => (await rows('select data from event where kind = $1', [kind])).length;
const version = async () => (await rows('select settings_version from brand'))[0]!.settings_version;

beforeAll(async () => {
  await ask('PUT', '/v1/channels/web', { title: 'Web', kind: 'shopify' });
  await ask('PUT', '/v1/locations/main', { title: 'Main' });
});

describe('items', () => {
  test('PUT makes one, with its defaults', async () => {
    const { status, body } = await ask('PUT', '/v1/items/MUG', mug);
    expect(status).toBe(201);
    expect(body).toEqual({
      sku: 'MUG',
      ...mug,
      lifecycle: 'active',
      policy: 'backorder',
      stock: [],
      backordered: 0,
    });
    expect((await ask('GET', '/v1/items/MUG')).body).toEqual(body);
  });

  test('the same body again changes nothing and records nothing', async () => {
    const before = await events('item.saved');
    const { status } = await ask('PUT', '/v1/items/MUG', mug);
    expect(status).toBe(200);
    expect(await events('item.saved')).toBe(before);
  });

  test('a PUT is the whole item: what it leaves out goes back to its default', async () => {
    const whole = {
      ...mug,
      cost: { amount: 400, currency: 'USD' },
      supplier: 'not-there-yet',
      lifecycle: 'upcoming',
      policy: 'preorder',
      leadTimeDays: 30,
      moq: 100,
      orderMultiple: 12,
      alternatives: ['CUP', 'any, "odd" {sku}'],
      uoms: { case: 12 },
      launchOn: '2026-05-01',
    };
    expect((await ask('PUT', '/v1/items/MUG', whole)).body).toMatchObject(whole);
    const { body } = await ask('PUT', '/v1/items/MUG', mug);
    expect(body).not.toHaveProperty('moq');
    expect(body).toMatchObject({ lifecycle: 'active', policy: 'backorder' });
  });

  test('an unknown item is a sentence that says how to make it', async () => {
    const { status, body } = await ask('GET', '/v1/items/A%20B');
    expect(status).toBe(404);
    expect(body.detail).toBe('There is no item with the SKU "A B". PUT /v1/items/A%20B makes one.');
  });

  test.each([
    ['an unknown policy', { policy: 'nope' }, 'unknown_policy', 'policy'],
    [
      'an unknown component',
      { components: [{ sku: 'NOPE', quantity: 1 }] },
      'unknown_sku',
      'components[0].sku',
    ],
    [
      'itself as a component',
      { components: [{ sku: 'KIT', quantity: 1 }] },
      'invalid_input',
      'components[0].sku',
    ],
    [
      'a component twice',
      {
        components: [
          { sku: 'MUG', quantity: 1 },
          { sku: 'MUG', quantity: 2 },
        ],
      },
      'invalid_input',
      'components[1].sku',
    ],
    ['a price below zero', { price: gbp(-1) }, 'invalid_input', 'price'],
  ])('%s is refused, with the field', async (_what, part, code, path) => {
    const { status, body } = await ask('PUT', '/v1/items/KIT', { ...mug, ...part });
    expect([status, body.code, body.errors[0].path]).toEqual([422, code, path]);
    expect((await ask('GET', '/v1/items/KIT')).status).toBe(404);
  });

  test('a kit has components that are no kits, and is nobody’s component', async () => {
    await ask('PUT', '/v1/items/PLATE', { ...mug, title: 'Plate' });
    const set = {
      ...mug,
      title: 'Set',
      components: [
        { sku: 'PLATE', quantity: 1 },
        { sku: 'MUG', quantity: 2 },
      ],
    };
    const { status, body } = await ask('PUT', '/v1/items/SET', set);
    expect(status).toBe(201);
    expect(body.components).toEqual([
      { sku: 'MUG', quantity: 2 },
      { sku: 'PLATE', quantity: 1 },
    ]);
    expect((await ask('PUT', '/v1/items/SET', set)).status).toBe(200);

    const ofKit = { ...mug, components: [{ sku: 'SET', quantity: 1 }] };
    expect((await ask('PUT', '/v1/items/BIG', ofKit)).body.detail).toContain('SET is a kit itself');
    const nested = { ...mug, components: [{ sku: 'PLATE', quantity: 1 }] };
    expect((await ask('PUT', '/v1/items/MUG', nested)).body.detail).toContain(
      'MUG is a component of the kit SET',
    );

    const plain = await ask('PUT', '/v1/items/SET', { ...mug, title: 'Set' });
    expect(plain.body).not.toHaveProperty('components');
  });

  test('the list pages by SKU', async () => {
    const first = await ask('GET', '/v1/items?limit=2');
    expect(first.body.items.map((item: { sku: string }) => item.sku)).toEqual(['MUG', 'PLATE']);
    const second = await ask('GET', `/v1/items?limit=2&cursor=${first.body.next}`);
    expect(second.body.items.map((item: { sku: string }) => item.sku)).toEqual(['SET']);
    expect(second.body.next).toBeNull();
    expect((await ask('GET', '/v1/items?cursor=rubbish')).status).toBe(422);
  });

  test('two that make items at once give each an id of its own', async () => {
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        ask('PUT', `/v1/items/T-${index % 6}`, { ...mug, title: 'T' }),
      ),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(6);
    const ids = await rows("select count(distinct item_id)::int as n from item where sku like 'T-%'");
    expect(ids).toEqual([{ n: 6 }]);
  });
});

describe('many at once', () => {
  const save = (records: Parameters<typeof saveItems>[3]) =>
    withBrand(db, 1, (client) => saveItems(kept, client, 1, records));

  test('each is applied, unchanged or refused by itself; the last of a name stays', async () => {
    const saved = await save([
      { sku: 'B-KIT', title: 'Kit', price: gbp(1), components: [{ sku: 'B-1', quantity: 2 }] },
      { sku: 'B-1', title: 'One', price: gbp(1), moq: 5 },
      { sku: 'B-BAD', title: 'Bad', price: gbp(1), policy: 'nope' },
      { sku: 'B-OF-BAD', title: 'Kit', price: gbp(1), components: [{ sku: 'B-BAD', quantity: 1 }] },
      { sku: 'MUG', ...mug },
      { sku: 'B-1', title: 'One more', price: gbp(2) },
    ]);
    expect(saved.map((one) => one.state)).toEqual([
      'applied',
      'applied',
      'refused',
      'refused',
      'unchanged',
      'applied',
    ]);
    const { body } = await ask('GET', '/v1/items/B-1');
    expect(body).toMatchObject({ title: 'One more', price: gbp(2), moq: 5 });
    expect((await ask('GET', '/v1/items/B-KIT')).body.components).toEqual([{ sku: 'B-1', quantity: 2 }]);
  });

  test('a file that has no column for something leaves it as it is', async () => {
    await ask('PUT', '/v1/items/KEEP', { ...mug, policy: 'drop', leadTimeDays: 9, uoms: { case: 6 } });
    const [saved] = await save([{ sku: 'KEEP', ...mug }]);
    expect(saved).toEqual({ state: 'unchanged', created: false });
    expect((await ask('GET', '/v1/items/KEEP')).body).toMatchObject({ policy: 'drop', leadTimeDays: 9 });
  });

  test('five thousand take a few statements', async () => {
    const records = Array.from({ length: 5000 }, (_, index) => ({ sku: `M-${index}`, ...mug }));
    const begun = performance.now();
    expect((await save(records)).every((one) => one.state === 'applied')).toBe(true);
    expect((await save(records)).every((one) => one.state === 'unchanged')).toBe(true);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe('locations and channels', () => {
  test('a location may name channels that are not there yet', async () => {
    const { status, body } = await ask('PUT', '/v1/locations/fba', {
      title: 'FBA',
      channels: ['amazon', 'we,ird "one"'],
      cutOff: '14:00',
      timeZone: 'Europe/Berlin',
      country: 'DE',
      calendar: { workdays: [7, 1, 1], holidays: ['2026-12-25'] },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      code: 'fba',
      channels: ['amazon', 'we,ird "one"'],
      calendar: { workdays: [1, 7], holidays: ['2026-12-25'] },
      closed: false,
    });
  });

  test('unchanged: no event, and no settings to read anew', async () => {
    const before = [await version(), await events('location.saved'), await events('channel.saved')];
    expect((await ask('PUT', '/v1/locations/main', { title: 'Main' })).status).toBe(200);
    expect((await ask('PUT', '/v1/channels/web', { title: 'Web', kind: 'shopify' })).status).toBe(200);
    expect([await version(), await events('location.saved'), await events('channel.saved')]).toEqual(before);
  });

  test('a change makes every process read the settings anew', async () => {
    const before = await version();
    await ask('PUT', '/v1/channels/web', { title: 'Web shop', kind: 'shopify', maximumPromiseDays: 30 });
    expect(await version()).not.toBe(before);
    expect((await ask('GET', '/v1/channels/web')).body).toEqual({
      code: 'web',
      title: 'Web shop',
      kind: 'shopify',
      maximumPromiseDays: 30,
      messages: 'email',
      sends: ['confirmation', 'shipped'],
    });
  });

  test('a time zone that is none is refused', async () => {
    const { status, body } = await ask('PUT', '/v1/locations/main', { title: 'Main', timeZone: 'Mars/Base' });
    expect([status, body.errors[0].path]).toEqual([422, 'timeZone']);
    const many = await withBrand(db, 1, (client) =>
      saveLocations(kept, client, 1, [
        { code: 'x', title: 'X', timeZone: 'Mars/Base' },
        { code: 'y', title: 'Y' },
      ]),
    );
    expect(many.map((one) => one.state)).toEqual(['refused', 'applied']);
  });

  test('lists are in order of their codes', async () => {
    const { body } = await ask('GET', '/v1/locations');
    expect(body.items.map((one: { code: string }) => one.code)).toEqual(['fba', 'main', 'y']);
    expect((await ask('GET', '/v1/channels')).body.items).toHaveLength(1);
    expect((await ask('GET', '/v1/channels/none')).status).toBe(404);
    expect((await ask('GET', '/v1/locations/none')).status).toBe(404);
  });
});

describe('suppliers, policies and the brand', () => {
  test('a supplier', async () => {
    const input = { title: 'Kiln', status: 'active', leadTimeDays: 40, paymentTerms: '30 % ahead' };
    expect((await ask('PUT', '/v1/suppliers/kiln', input)).status).toBe(201);
    expect((await ask('PUT', '/v1/suppliers/kiln', input)).status).toBe(200);
    expect(await events('supplier.saved')).toBe(1);
    expect((await ask('GET', '/v1/suppliers/kiln')).body).toEqual({ code: 'kiln', ...input });
    await withBrand(db, 1, (client) => saveSuppliers(kept, client, 1, [{ code: 'kiln', title: 'Kiln Ltd' }]));
    expect((await ask('GET', '/v1/suppliers')).body.items).toEqual([
      { code: 'kiln', ...input, title: 'Kiln Ltd' },
    ]);
    expect((await ask('GET', '/v1/suppliers/none')).status).toBe(404);
  });

  test('the built-in policies answer before anybody has said anything', async () => {
    const { status, body } = await ask('GET', '/v1/policies/backorder');
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'backorder', kind: 'backorder', longestWaitDays: 70, cap: null });
    expect((await ask('GET', '/v1/policies')).body.items).toHaveLength(6);
    expect((await ask('GET', '/v1/policies/own')).status).toBe(404);
  });

  test('a built-in policy may be changed, and what is left out is as the kind has it', async () => {
    const before = await version();
    expect((await ask('PUT', '/v1/policies/backorder', {})).status).toBe(200);
    expect(await version()).toBe(before);
    const changed = await ask('PUT', '/v1/policies/backorder', { cap: 50, bufferDays: { placed: 20 } });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      cap: 50,
      bufferDays: { placed: 20, arrived: 1 },
      longestWaitDays: 70,
    });
    expect(await version()).not.toBe(before);
    const again = await version();
    await ask('PUT', '/v1/policies/backorder', { cap: 50, bufferDays: { placed: 20 } });
    expect(await version()).toBe(again);
    await ask('PUT', '/v1/policies/backorder', {});
  });

  test('one of your own says its kind, and items may follow it', async () => {
    expect((await ask('PUT', '/v1/policies/slow', { cap: 1 })).body.errors[0].path).toBe('kind');
    expect((await ask('PUT', '/v1/policies/drop', { kind: 'preorder' })).body.errors[0].path).toBe('kind');
    expect((await ask('PUT', '/v1/policies/slow', { kind: 'backorder', longestWaitDays: 10 })).status).toBe(
      201,
    );
    expect((await ask('PUT', '/v1/items/SLOW', { ...mug, policy: 'slow' })).status).toBe(201);
  });

  test('the brand', async () => {
    const brand = { title: 'Wren & Thistle', timeZone: 'Europe/Paris', currency: 'GBP', country: 'GB' };
    const before = await version();
    const { body } = await ask('PUT', '/v1/brand', brand);
    expect(body).toEqual({ ...brand, calendar: { workdays: [1, 2, 3, 4, 5], holidays: [] } });
    expect((await ask('GET', '/v1/brand')).body).toEqual(body);
    const changed = await version();
    expect(changed).not.toBe(before);
    await ask('PUT', '/v1/brand', brand);
    expect(await version()).toBe(changed);
    expect((await ask('PUT', '/v1/brand', { ...brand, timeZone: 'Nowhere' })).status).toBe(422);
  });
});

describe('channel limits', () => {
  test('are set, answered, and unchanged the second time', async () => {
    const limit = { protected: 5, maximum: 20, from: '2026-03-01', until: '2026-03-31' };
    const made = await ask('PUT', '/v1/items/MUG/channels/web', limit);
    expect([made.status, made.body]).toEqual([
      201,
      { sku: 'MUG', channel: 'web', unit: 'units', committed: 0, ...limit },
    ]);
    expect((await ask('PUT', '/v1/items/MUG/channels/web', limit)).status).toBe(200);
    expect(await events('channel_limit.saved')).toBe(1);
    expect((await ask('GET', '/v1/items/MUG/channels/web')).body).toEqual(made.body);
    expect((await ask('GET', '/v1/items/PLATE/channels/web')).status).toBe(404);
  });

  test.each([
    ['an unknown item', '/v1/items/NOPE/channels/web', {}, 404],
    ['an unknown channel', '/v1/items/MUG/channels/nope', {}, 404],
    ['a share above the whole', '/v1/items/MUG/channels/web', { unit: 'share', protected: 101 }, 422],
    [
      'a period that ends before it begins',
      '/v1/items/MUG/channels/web',
      { from: '2026-03-02', until: '2026-03-01' },
      422,
    ],
  ])('%s is refused', async (_what, url, body, status) => {
    expect((await ask('PUT', url, body)).status).toBe(status);
  });
});

describe('listings (RULES 3)', () => {
  const save = (...records: Parameters<typeof saveListings>[3]) =>
    withBrand(db, 1, (client) => saveListings(kept, client, 1, records));
  const listing = (externalId: string, sku: string | null) => ({
    channel: 'web',
    externalId,
    sku,
    title: 'Mug',
  });
  const stateOf = async (externalId: string) =>
    (
      await rows('select state, item_id is not null as mapped from listing where external_id = $1', [
        externalId,
      ])
    )[0];

  test('a duplicate SKU keeps its first mapping and blocks the newcomer; a blank one is recorded', async () => {
    const saved = await save(
      listing('v-1', 'MUG'),
      listing('v-2', 'MUG'),
      listing('v-3', null),
      listing('v-4', 'NOPE'),
      { ...listing('v-5', 'MUG'), channel: 'nope' },
    );
    expect(saved.map((one) => one.state)).toEqual(['applied', 'applied', 'applied', 'refused', 'refused']);
    expect(await stateOf('v-1')).toEqual({ state: 'mapped', mapped: true });
    expect(await stateOf('v-2')).toEqual({ state: 'duplicate', mapped: false });
    expect(await stateOf('v-3')).toEqual({ state: 'unmapped', mapped: false });
    expect(await events('listing.unmapped')).toBe(2);
    expect((await save(listing('v-2', 'MUG'), listing('v-1', 'MUG'))).map((one) => one.state)).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });
});

test('another brand sees none of it, and may use the same names', async () => {
  expect((await askOther('GET', '/v1/items/MUG')).status).toBe(404);
  expect((await askOther('GET', '/v1/items')).body.items).toEqual([]);
  expect((await askOther('GET', '/v1/locations')).body.items).toEqual([]);
  expect((await askOther('GET', '/v1/suppliers')).body.items).toEqual([]);
  expect((await askOther('PUT', '/v1/items/MUG', { ...mug, title: 'Theirs' })).status).toBe(201);
  expect((await ask('GET', '/v1/items/MUG')).body.title).toBe('Mug');
  expect(await rows("select item_id from item where sku = 'MUG'", [], 2)).toEqual([{ item_id: 1 }]);
});
