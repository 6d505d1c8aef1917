import { expect, test } from 'vitest';
import { tablesAcrossBrands } from './brand-scope.ts';

const tables = new Set(['item', 'supply', 'hold']);

test.each<[string, string[]]>([
  ['select * from item where brand_id = $1', []],
  ['select * from item where sku = $1', ['item']],
  ["select * from item where sku = 'brand_id'", ['item']],
  ['select * from item -- of one brand_id', ['item']],
  ['update item set sku = $2 where brand_id = $1', []],
  ['update item set sku = $2', ['item']],
  ['insert into item (brand_id, sku) values ($1, $2) on conflict do update set sku = excluded.sku', []],
  ['insert into item (sku) values ($1)', ['item']],
  ['delete from item i using supply s where i.item_id = s.item_id', ['item', 'supply']],
  ['select from item i join supply s using (brand_id, item_id) where i.brand_id = $1', []],
  ['select from item where brand_id = $1 and exists (select from supply where item_id = 1)', ['supply']],
  ['select from item where brand_id = $1 union all select from hold', ['hold']],
  ['select from unnest($1::int[]) as n, supply s where s.item_id = n', ['supply']],
  ['select from (item i join supply s on true) where i.sku = $1', ['item', 'supply']],
  ['with item as (select 1) select from item', []],
  ['select where a.item is distinct from item', []],
  ['select * from item($1)', []],
])('%s', (statement, expected) => {
  expect(tablesAcrossBrands(statement, tables)).toEqual(expected);
});
