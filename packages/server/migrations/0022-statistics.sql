-- Plans are made of what PostgreSQL last counted. A file may bring a hundred times that in one transaction, and what reads
-- its rows a second later cannot wait for autovacuum's next round: the import counts them itself. As the tables' owner,
-- since the role that serves owns none.
create function count_anew() returns void language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  analyze customer_order, order_line, order_line_component, commitment, promise, supply, stock, item, item_detail,
    purchase_order, event;
end $$;
revoke execute on function count_anew() from public;
grant execute on function count_anew() to kept_app;
