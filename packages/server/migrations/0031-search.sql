-- Customers are found by the beginning of their names. Byte order: a range of it is a prefix, and its comparisons are
-- leakproof, so that row-level security lets them use the index.
create index customer_order_name on customer_order (brand_id, customer_name collate "C");
