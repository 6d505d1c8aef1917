import type pg from 'pg';
import { APP_ROLE } from './database.ts';

interface CatalogueRule {
  readonly sentence: string;
  /** Answers one row per fault, in a column of that name; $1 is the role that serves. */
  readonly text: string;
}

/** A table of ours: whatever lies in the schema, but for the list of migrations, which belongs to no brand. */
const OURS = `c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'kept_migration'`;
const BRAND = `(select attnum from pg_attribute where attrelid = c.oid and attname = 'brand_id' and not attisdropped)`;
const OWN = `(brand_id = ( SELECT (NULLIF(current_setting(''app.brand''::text, true), ''''::text))::integer AS "nullif"))`;

/** What keeps brands apart, in the database itself. */
export const APART: readonly CatalogueRule[] = [
  {
    sentence: 'every table has a brand_id that is never null',
    text: `select c.relname::text as fault from pg_class c where ${OURS} and $1::text is not null and not exists
             (select from pg_attribute where attrelid = c.oid and attname = 'brand_id' and attnotnull and not attisdropped)`,
  },
  {
    sentence: 'every table has row-level security, also for its owner',
    text: `select c.relname::text as fault from pg_class c
           where ${OURS} and $1::text is not null and not (c.relrowsecurity and c.relforcerowsecurity)`,
  },
  {
    sentence:
      'every table has one policy, for all that is done to it, and that is the brand of the transaction',
    text: `select format('%s: %s', c.relname, coalesce(string_agg(p.policyname || ' ' || p.cmd || ' ' || p.qual, '; '), 'none'))
             as fault
           from pg_class c left join pg_policies p on p.schemaname = 'public' and p.tablename = c.relname
           where ${OURS} and $1::text is not null group by c.oid, c.relname
           having count(*) <> 1 or bool_and(p.permissive = 'PERMISSIVE' and p.cmd = 'ALL' and p.roles = '{public}'
             and p.qual = '${OWN}' and p.with_check = '${OWN}') is not true`,
  },
  {
    sentence:
      'the role that serves owns nothing, is no superuser, may not pass row-level security, and is no member of one that may',
    text: `select format('%s is %s', $1::text, r.rolname) as fault from pg_roles r
           where pg_has_role($1::text, r.oid, 'member') and (r.rolsuper or r.rolbypassrls or r.rolcreaterole
             or exists (select from pg_class c where ${OURS} and c.relowner = r.oid))`,
  },
  {
    sentence: 'no view and no function shows rows with the rights of their owner',
    text: `select c.relname::text as fault from pg_class c where c.relnamespace = 'public'::regnamespace and $1::text is not null
             and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false)))
           union all select p.proname::text from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
             and (p.proretset or p.prorettype in (select reltype from pg_class))`,
  },
];

/** What a database that is spread by brand_id over several machines can take: a brand's rows are all it may compare. */
export const SPREADABLE: readonly CatalogueRule[] = [
  {
    sentence: 'brand_id is first in every primary key and in every other unique index',
    text: `select format('%s of %s', i.indexrelid::regclass, c.relname) as fault
           from pg_class c join pg_index i on i.indrelid = c.oid
           where ${OURS} and $1::text is not null and i.indisunique and i.indkey[0] is distinct from ${BRAND}`,
  },
  {
    sentence: 'every foreign key takes brand_id along, to brand_id',
    text: `select format('%s of %s', k.conname, c.relname) as fault
           from pg_class c join pg_constraint k on k.conrelid = c.oid and k.contype = 'f'
           where ${OURS} and $1::text is not null and not exists (select from unnest(k.conkey, k.confkey) as pair (own, other)
             where pair.own = ${BRAND} and pair.other =
               (select attnum from pg_attribute where attrelid = k.confrelid and attname = 'brand_id'))`,
  },
  {
    sentence: 'no constraint excludes rows of several brands',
    text: `select format('%s of %s', k.conname, c.relname) as fault
           from pg_class c join pg_constraint k on k.conrelid = c.oid and k.contype = 'x'
           where ${OURS} and $1::text is not null and not ${BRAND} = any (k.conkey)`,
  },
  {
    sentence: 'no column counts with a sequence that is smaller than bigint, or with one of nobody',
    text: `select format('%s.%s', c.relname, a.attname) as fault
           from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped and a.attnum > 0
             left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
           where ${OURS} and $1::text is not null and (a.attidentity <> '' and a.atttypid <> 'bigint'::regtype
             or pg_get_expr(d.adbin, d.adrelid) like 'nextval%')`,
  },
  {
    sentence: 'every trigger fires for rows, and its function keeps to their brand',
    text: `select format('%s of %s', t.tgname, c.relname) as fault
           from pg_class c join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal join pg_proc p on p.oid = t.tgfoid
           where ${OURS} and $1::text is not null and ((t.tgtype & 32) <> 0 or p.prosrc !~ '\\mbrand_id\\M')`,
  },
  {
    sentence: 'every function that reads or writes a table says whose rows',
    text: `select distinct p.proname::text as fault from pg_proc p, pg_class c
           where ${OURS} and $1::text is not null and p.pronamespace = 'public'::regnamespace and p.prosrc !~ '\\mbrand_id\\M'
             and p.prosrc ~* ('\\m(from|join|into|update|using)\\s+' || c.relname || '\\M')`,
  },
  {
    sentence: 'no table inherits from another',
    text: `select c.relname::text as fault from pg_class c where ${OURS} and $1::text is not null
             and exists (select from pg_inherits where inhrelid = c.oid)`,
  },
];

/** @returns for each rule its sentence and, where it is broken, by what */
export async function askCatalogue(
  client: pg.ClientBase,
  rules: readonly CatalogueRule[],
): Promise<{ sentence: string; faults: string[] }[]> {
  const answers: { sentence: string; faults: string[] }[] = [];
  for (const { sentence, text } of rules) {
    const { rows } = await client.query<{ fault: string }>(text, [APP_ROLE]);
    answers.push({ sentence, faults: rows.map(({ fault }) => fault) });
  }
  return answers;
}

/** Every table that has a brand's rows, those that others refer to first. */
export async function tablesOfBrands(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname::text as name from pg_class c where ${OURS}
     order by exists (select from pg_constraint where conrelid = c.oid and contype = 'f'), c.relname`,
  );
  return rows.map(({ name }) => name);
}
