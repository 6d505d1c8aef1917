import type pg from 'pg';

export type Purpose = 'passkey_added' | 'passkey_shown' | 'single_sign_on';

/** Records what was asked of a browser, and forgets what was not answered in time. */
export async function insertChallenge(
  client: pg.PoolClient,
  brandId: number,
  challenge: {
    digest: string;
    purpose: Purpose;
    personId?: string | undefined;
    data: string;
    at: Date;
    expiresAt: Date;
  },
): Promise<void> {
  await client.query('delete from challenge where brand_id = $1 and expires_at <= $2', [
    brandId,
    challenge.at,
  ]);
  await client.query(
    `insert into challenge (brand_id, challenge_digest, purpose, person_id, data, expires_at) values ($1, $2, $3, $4, $5, $6)`,
    [
      brandId,
      challenge.digest,
      challenge.purpose,
      challenge.personId ?? null,
      challenge.data,
      challenge.expiresAt,
    ],
  );
}

/** What was asked, once: whoever asks again finds nothing. */
export async function takeChallenge(
  client: pg.PoolClient,
  brandId: number,
  challenge: { digest: string; purpose: Purpose; at: Date },
): Promise<{ personId: string | null; data: string } | null> {
  const { rows } = await client.query(
    `delete from challenge where brand_id = $1 and challenge_digest = $2 and purpose = $3 and expires_at > $4
     returning person_id as "personId", data`,
    [brandId, challenge.digest, challenge.purpose, challenge.at],
  );
  return rows[0] ?? null;
}
