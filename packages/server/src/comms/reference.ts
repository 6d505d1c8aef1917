import { createHash } from 'node:crypto';

/** One cause, one name, whoever sends it and however often: the local part of the Message-ID, the id of a webhook. */
export function referenceOf(brandId: number, order: number, cause: string): string {
  const digest = createHash('sha256').update(`${brandId}:${order}:${cause}`).digest('hex');
  return `kept.${digest.slice(0, 32)}`;
}
