-- Whether an item has ever been a kit: lines of then wait by their components, and the queue of all other items is found by their own.
alter table item add column was_kit boolean not null default false;
update item i set was_kit = true
where exists (select from order_line_component k
  join order_line l on l.brand_id = k.brand_id and l.order_id = k.order_id and l.line = k.line
  where k.brand_id = i.brand_id and l.item_id = i.item_id);
