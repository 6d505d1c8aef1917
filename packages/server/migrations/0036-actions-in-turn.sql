-- Actions are claimed in the order in which they were asked, of one order one at a time. Of a long history each is told: with the
-- index by the time of the next attempt alone, a claim of twenty among thirty thousand took a minute.
create index connection_action_in_turn on connection_action (brand_id, connection, created_at, action_id)
  where state in ('waiting', 'pending');
create index connection_action_open_of on connection_action (brand_id, order_id, created_at, action_id)
  where state in ('waiting', 'pending') and order_id is not null;
drop index connection_action_open;
