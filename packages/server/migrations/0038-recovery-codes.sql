-- What opens an account once, in place of an app's code, where the app is lost. Only digests: the codes are long and random.
create table recovery_code (
  brand_id int not null,
  person_id text not null,
  code_digest text not null,
  used_at timestamptz,
  primary key (brand_id, person_id, code_digest)
);
alter table recovery_code enable row level security;
alter table recovery_code force row level security;
create policy brand on recovery_code using (brand_id = (select nullif(current_setting('app.brand', true), '')::int))
  with check (brand_id = (select nullif(current_setting('app.brand', true), '')::int));
grant select, insert, update, delete on recovery_code to kept_app;
