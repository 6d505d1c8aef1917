-- Whether everybody who signs in by password has to have a second factor.
alter table brand add column second_factor boolean not null default false;
