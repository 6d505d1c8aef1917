-- Units (or per cent, as `unit` says) of an item that a channel leaves unsold.
alter table item_channel add column buffer int check (buffer >= 0);
