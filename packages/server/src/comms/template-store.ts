import type pg from 'pg';

export interface TemplateRow {
  kind: string;
  language: string;
  version: number;
  /** JSON. */
  words: string;
}

/** The newest words of each kind and language. */
export async function newestTemplates(client: pg.PoolClient, brandId: number): Promise<TemplateRow[]> {
  const { rows } = await client.query({
    name: 'newest-templates',
    text: `select distinct on (kind, language) kind, language, version, words from message_template
           where brand_id = $1 order by kind, language, version desc`,
    values: [brandId],
  });
  return rows;
}

/** Every version of a kind's words in a language, newest first, with who wrote it. */
export async function templateVersions(
  client: pg.PoolClient,
  brandId: number,
  kind: string,
  language: string,
): Promise<(TemplateRow & { actor: string; at: string })[]> {
  const { rows } = await client.query(
    `select kind, language, version, words, actor, at from message_template
     where brand_id = $1 and kind = $2 and language = $3 order by version desc`,
    [brandId, kind, language],
  );
  return rows;
}

/** Another version, after the newest; the ones before stay, since messages say by which they were written. */
export async function insertTemplate(
  client: pg.PoolClient,
  brandId: number,
  row: Omit<TemplateRow, 'version'>,
  actor: string,
  at: string,
): Promise<number> {
  const { rows } = await client.query(
    `insert into message_template (brand_id, kind, language, version, words, actor, at)
     select $1, $2, $3, 1 + coalesce(max(version), 0), $4, $5, $6 from message_template
     where brand_id = $1 and kind = $2 and language = $3 returning version`,
    [brandId, row.kind, row.language, row.words, actor, at],
  );
  return rows[0].version;
}
