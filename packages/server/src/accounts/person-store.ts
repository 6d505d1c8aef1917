import type { Role } from '@kept/contract';
import type pg from 'pg';
import { deleteRecoveryCodes } from './recovery-code-store.ts';

export interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string | null;
  /** Sealed. */
  readonly totpSecret: string | null;
  readonly totpConfirmedAt: string | null;
  /** The step of the last code that was taken. */
  readonly totpStep: number;
  readonly failures: number;
  readonly failedAt: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly passkeys: number;
  /** Left to use. */
  readonly recoveryCodes: number;
}

const COLUMNS = `p.person_id as id, p.email, p.name, p.role, p.password_hash as "passwordHash", p.totp_secret as "totpSecret",
  p.totp_confirmed_at as "totpConfirmedAt", p.totp_step as "totpStep", p.failures, p.failed_at as "failedAt",
  p.created_at as "createdAt", p.ended_at as "endedAt",
  (select count(*)::int from passkey k where k.brand_id = p.brand_id and k.person_id = p.person_id) as passkeys,
  (select count(*)::int from recovery_code r
    where r.brand_id = p.brand_id and r.person_id = p.person_id and r.used_at is null) as "recoveryCodes"`;

export async function listPeople(client: pg.PoolClient, brandId: number): Promise<PersonRow[]> {
  const { rows } = await client.query(
    `select ${COLUMNS} from person p where brand_id = $1 order by ended_at nulls first, name, person_id`,
    [brandId],
  );
  return rows;
}

/** Locked: whoever tries a password, a code or a change for the same person waits. */
export async function lockPerson(
  client: pg.PoolClient,
  brandId: number,
  by: { id: string } | { email: string },
): Promise<PersonRow | null> {
  const [column, value] = 'id' in by ? ['person_id', by.id] : ['email', by.email.toLowerCase()];
  const { rows } = await client.query(
    `select ${COLUMNS} from person p where brand_id = $1 and ${column} = $2 for update of p`,
    [brandId, value],
  );
  return rows[0] ?? null;
}

/** @returns false where the address has an account already */
export async function insertPerson(
  client: pg.PoolClient,
  brandId: number,
  person: { id: string; email: string; name: string; role: Role; at: Date },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into person (brand_id, person_id, email, name, role, created_at) values ($1, $2, lower($3), $4, $5, $6)
     on conflict (brand_id, email) do nothing`,
    [brandId, person.id, person.email, person.name, person.role, person.at],
  );
  return rowCount === 1;
}

/** Somebody who comes back: their account with a new role, and nothing of what opened it before. */
export async function reopenPerson(
  client: pg.PoolClient,
  brandId: number,
  person: { email: string; name: string; role: Role },
): Promise<void> {
  await client.query(
    `update person set name = $3, role = $4, ended_at = null, password_hash = null, totp_secret = null,
       totp_confirmed_at = null, failures = 0 where brand_id = $1 and email = lower($2)`,
    [brandId, person.email, person.name, person.role],
  );
  await client.query(
    `delete from recovery_code r using person p
     where r.brand_id = $1 and p.brand_id = $1 and p.person_id = r.person_id and p.email = lower($2)`,
    [brandId, person.email],
  );
}

export async function changePerson(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  change: { name?: string | undefined; role?: Role | undefined; endedAt?: Date | null | undefined },
): Promise<void> {
  await client.query(
    `update person set name = coalesce($3, name), role = coalesce($4, role),
       ended_at = case when $5 then $6::timestamptz else ended_at end
     where brand_id = $1 and person_id = $2`,
    [brandId, id, change.name, change.role, change.endedAt !== undefined, change.endedAt ?? null],
  );
}

/** Owners who can still sign in, but for one person. */
export async function otherOwners(client: pg.PoolClient, brandId: number, but: string): Promise<number> {
  // All owners are locked: of two who end each other's account one waits, and then sees what the other did.
  const { rows } = await client.query(
    `select person_id from person where brand_id = $1 and role = 'owner' and ended_at is null order by person_id for update`,
    [brandId],
  );
  return rows.filter(({ person_id }) => person_id !== but).length;
}

export async function setPassword(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  hash: string,
): Promise<void> {
  await client.query(
    `update person set password_hash = $3, failures = 0, failed_at = null where brand_id = $1 and person_id = $2`,
    [brandId, id, hash],
  );
}

/** Without a confirmed app there is nothing that a recovery code stands in for. */
export async function setTotp(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  totp: { secret: string | null; confirmedAt: Date | null; step?: number },
): Promise<void> {
  await client.query(
    `update person set totp_secret = $3, totp_confirmed_at = $4, totp_step = $5 where brand_id = $1 and person_id = $2`,
    [brandId, id, totp.secret, totp.confirmedAt, totp.step ?? 0],
  );
  if (totp.confirmedAt === null) await deleteRecoveryCodes(client, brandId, id);
}

export async function noteSuccess(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  step: number | null,
): Promise<void> {
  await client.query(
    `update person set failures = 0, failed_at = null, totp_step = coalesce($3, totp_step)
     where brand_id = $1 and person_id = $2`,
    [brandId, id, step],
  );
}

export async function noteFailure(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  at: Date,
): Promise<void> {
  await client.query(
    'update person set failures = failures + 1, failed_at = $3 where brand_id = $1 and person_id = $2',
    [brandId, id, at],
  );
}

/** The try that was counted was half of one: its other half is still to come. */
export async function takeFailureBack(client: pg.PoolClient, brandId: number, id: string): Promise<void> {
  await client.query(
    'update person set failures = greatest(failures - 1, 0) where brand_id = $1 and person_id = $2',
    [brandId, id],
  );
}

export async function insertInvitation(
  client: pg.PoolClient,
  brandId: number,
  invitation: {
    digest: string;
    email: string;
    name: string;
    role: Role;
    by: string;
    at: Date;
    expiresAt: Date;
  },
): Promise<void> {
  // One is in force for an address: the latest.
  await client.query(
    'delete from invitation where brand_id = $1 and (email = lower($2) or expires_at <= $3)',
    [brandId, invitation.email, invitation.at],
  );
  await client.query(
    `insert into invitation (brand_id, token_digest, email, name, role, invited_by, created_at, expires_at)
     values ($1, $2, lower($3), $4, $5, $6, $7, $8)`,
    [
      brandId,
      invitation.digest,
      invitation.email,
      invitation.name,
      invitation.role,
      invitation.by,
      invitation.at,
      invitation.expiresAt,
    ],
  );
}

export interface InvitationRow {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

export async function findInvitation(
  client: pg.PoolClient,
  brandId: number,
  by: { digest: string } | { email: string },
  at: Date,
): Promise<InvitationRow | null> {
  const [column, value] = 'digest' in by ? ['token_digest', by.digest] : ['email', by.email.toLowerCase()];
  const { rows } = await client.query(
    `select email, name, role from invitation where brand_id = $1 and ${column} = $2 and expires_at > $3 for update`,
    [brandId, value, at],
  );
  return rows[0] ?? null;
}

export async function deleteInvitation(client: pg.PoolClient, brandId: number, email: string): Promise<void> {
  await client.query('delete from invitation where brand_id = $1 and email = $2', [brandId, email]);
}

/** The person whom a provider knows by a subject. */
export async function findIdentity(
  client: pg.PoolClient,
  brandId: number,
  identity: { issuer: string; subject: string },
): Promise<string | null> {
  const { rows } = await client.query(
    'select person_id from identity where brand_id = $1 and issuer = $2 and subject = $3',
    [brandId, identity.issuer, identity.subject],
  );
  return rows[0]?.person_id ?? null;
}

export async function insertIdentity(
  client: pg.PoolClient,
  brandId: number,
  identity: { issuer: string; subject: string; personId: string; at: Date },
): Promise<void> {
  await client.query(
    `insert into identity (brand_id, issuer, subject, person_id, created_at) values ($1, $2, $3, $4, $5)
     on conflict (brand_id, issuer, subject) do update set person_id = excluded.person_id`,
    [brandId, identity.issuer, identity.subject, identity.personId, identity.at],
  );
}
