-- Channels ask for their customers: for what is known of one, or that one, some orders or all of a channel be forgotten.
alter table privacy_request
  add column kind text not null default 'erasure' check (kind in ('erasure', 'export')),
  add column channel text,               -- erase all of its customers
  add column orders_named bigint[];      -- or those of these orders

-- Of a connection that has ended: what checks the pushes that must be taken all the same. It opens nothing of the other system.
alter table connection add column parting_secrets text;
