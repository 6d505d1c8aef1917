import type pg from 'pg';

export async function replaceRecoveryCodes(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  digests: readonly string[],
): Promise<void> {
  await deleteRecoveryCodes(client, brandId, id);
  await client.query(
    'insert into recovery_code (brand_id, person_id, code_digest) select $1, $2, unnest($3::text[])',
    [brandId, id, digests],
  );
}

export async function deleteRecoveryCodes(client: pg.PoolClient, brandId: number, id: string): Promise<void> {
  await client.query('delete from recovery_code where brand_id = $1 and person_id = $2', [brandId, id]);
}

/** @returns false where there is none of the digest, or it was used */
export async function spendRecoveryCode(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  digest: string,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update recovery_code set used_at = $4
     where brand_id = $1 and person_id = $2 and code_digest = $3 and used_at is null`,
    [brandId, id, digest, at],
  );
  return rowCount === 1;
}
