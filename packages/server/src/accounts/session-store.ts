import type { Role } from '@kept/contract';
import type pg from 'pg';

export type TokenKind = 'link' | 'session';

export interface SessionRow {
  readonly id: string;
  readonly personId: string | null;
  readonly personName: string | null;
  readonly browser: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}

/** Records a token, and forgets those of the brand whose time is over. */
export async function insertToken(
  client: pg.PoolClient,
  brandId: number,
  token: {
    id: string;
    digest: string;
    kind: TokenKind;
    personId: string | null;
    browser: string | null;
    at: Date;
    expiresAt: Date;
  },
): Promise<void> {
  await client.query('delete from session where brand_id = $1 and expires_at <= $2', [brandId, token.at]);
  await client.query(
    `insert into session (brand_id, token_digest, kind, created_at, expires_at, session_id, person_id, browser, last_used_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $4)`,
    [brandId, token.digest, token.kind, token.at, token.expiresAt, token.id, token.personId, token.browser],
  );
}

/**
 * Whose a token is that is in force: a person's, as they are now, or that of a link. Somebody lacks a factor who has a password
 * and nothing besides it, where the brand wants it of everybody; who has none came by a passkey or by another house, which asks itself.
 */
export async function findToken(
  client: pg.PoolClient,
  brandId: number,
  token: { digest: string; kind: TokenKind; at: Date; usedSince: Date },
): Promise<{
  id: string;
  personId: string | null;
  email: string | null;
  name: string | null;
  role: Role | null;
  lacksFactor: boolean;
} | null> {
  const { rows } = await client.query({
    name: 'find-token',
    text: `select s.session_id as id, s.person_id as "personId", p.email, p.name, p.role,
             coalesce(b.second_factor and p.password_hash is not null and p.totp_confirmed_at is null and not exists (
               select from passkey k where k.brand_id = p.brand_id and k.person_id = p.person_id), false) as "lacksFactor"
           from session s join brand b on b.brand_id = s.brand_id left join person p on p.brand_id = s.brand_id and p.person_id = s.person_id
           where s.brand_id = $1 and s.token_digest = $2 and s.kind = $3 and s.expires_at > $4
             and (s.person_id is null or p.ended_at is null and s.last_used_at > $5)`,
    values: [brandId, token.digest, token.kind, token.at, token.usedSince],
  });
  return rows[0] ?? null;
}

export async function noteSessionUse(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  at: Date,
): Promise<void> {
  await client.query('update session set last_used_at = $3 where brand_id = $1 and session_id = $2', [
    brandId,
    id,
    at,
  ]);
}

export async function deleteToken(client: pg.PoolClient, brandId: number, digest: string): Promise<void> {
  await client.query('delete from session where brand_id = $1 and token_digest = $2', [brandId, digest]);
}

/** @param personId null: everybody's */
export async function listSessions(
  client: pg.PoolClient,
  brandId: number,
  personId: string | null,
  at: Date,
): Promise<SessionRow[]> {
  const { rows } = await client.query(
    `select s.session_id as id, s.person_id as "personId", p.name as "personName", s.browser,
       s.created_at as "createdAt", s.last_used_at as "lastUsedAt", s.expires_at as "expiresAt"
     from session s left join person p on p.brand_id = s.brand_id and p.person_id = s.person_id
     where s.brand_id = $1 and s.kind = 'session' and s.expires_at > $3 and ($2::text is null or s.person_id = $2)
     order by s.last_used_at desc, s.session_id`,
    [brandId, personId, at],
  );
  return rows;
}

/** @returns whether there was one */
export async function deleteSession(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  personId: string | null,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `delete from session where brand_id = $1 and kind = 'session' and session_id = $2 and ($3::text is null or person_id = $3)`,
    [brandId, id, personId],
  );
  return rowCount === 1;
}

/** Signs a person out everywhere but in one session. */
export async function deleteSessionsOf(
  client: pg.PoolClient,
  brandId: number,
  personId: string,
  but: string | null,
): Promise<void> {
  await client.query(
    'delete from session where brand_id = $1 and person_id = $2 and session_id is distinct from $3',
    [brandId, personId, but],
  );
}
