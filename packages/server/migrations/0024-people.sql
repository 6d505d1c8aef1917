-- Who may sign in. A person is of one brand; whoever works for two has an account at each.
create table person (
  brand_id int not null,
  person_id text not null,
  email text not null check (email = lower(email)),
  name text not null,
  role text not null check (role in ('owner', 'buyer', 'operations', 'cx', 'finance', 'viewer')),
  password_hash text,                    -- argon2id, as a PHC string; null: no password
  totp_secret text,                      -- sealed
  totp_confirmed_at timestamptz,
  totp_step bigint not null default 0,   -- the last one used: a code counts once
  failures int not null default 0,       -- wrong passwords and codes since the last right one
  failed_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (brand_id, person_id),
  unique (brand_id, email)
);

create table passkey (
  brand_id int not null,
  credential_id text not null,
  person_id text not null,
  name text not null,
  public_key text not null,              -- base64url, COSE
  counter bigint not null,
  transports text[] not null default '{}',
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (brand_id, credential_id)
);
create index passkey_of on passkey (brand_id, person_id);

-- A person as an OpenID provider knows them.
create table identity (
  brand_id int not null,
  issuer text not null,
  subject text not null,
  person_id text not null,
  created_at timestamptz not null,
  primary key (brand_id, issuer, subject)
);

create table invitation (
  brand_id int not null,
  token_digest text not null,
  email text not null,
  name text not null,
  role text not null,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (brand_id, token_digest)
);

-- What was asked of a browser and must come back: once, and soon.
create table challenge (
  brand_id int not null,
  challenge_digest text not null,
  purpose text not null check (purpose in ('passkey_added', 'passkey_shown', 'single_sign_on')),
  person_id text,
  data text not null,
  expires_at timestamptz not null,
  primary key (brand_id, challenge_digest)
);

-- By its own id a session and a key can be named where its secret must not appear. Defaults, since a process of the version
-- before this one may still write rows.
alter table session add column session_id text not null default gen_random_uuid()::text, add column person_id text,
  add column browser text, add column last_used_at timestamptz not null default now();
alter table api_key add column key_id text not null default gen_random_uuid()::text, add column scopes text[],
  add column created_by text not null default '', add column last_used_at timestamptz, add column expires_at timestamptz;
comment on column api_key.scopes is 'null: all there are';

do $$
declare name text;
begin
  foreach name in array array['person', 'passkey', 'identity', 'invitation', 'challenge'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
