-- Through whom a payment went, what it is called there, and the card's network: what extending, capturing and refunding need.
alter table payment add column provider text not null default 'manual';
alter table payment add column reference text;
alter table payment add column network text;
-- Of a refund: the payment whose money went back.
alter table payment add column of_payment text;
create index payment_authorised on payment (brand_id, capture_before) where kind = 'authorised';
