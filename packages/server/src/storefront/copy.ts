import type { CopyWords } from '@kept/contract';
import {
  CATALOGUES,
  EDITABLE,
  faultsOfOwnWords,
  type Language,
  type OwnWords,
  textAt,
  withOwnWords,
} from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { touchSettings } from '../catalog/index.ts';
import { invalidInput } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { writeWords } from './storefront-store.ts';

type View = z.output<typeof CopyWords>;

/**
 * Says a language's words the brand's own way; what is left out is said as the catalogue says it.
 * @throws KeptError `invalid_input` for a text that does not exist, lacks a placeholder or has one that it is not given
 */
export async function saveCopy(
  client: pg.PoolClient,
  brandId: number,
  language: Language,
  own: OwnWords,
): Promise<View> {
  const faults = faultsOfOwnWords(language, own);
  if (faults.length > 0) throw invalidInput(faults);
  await touchSettings(client, brandId);
  await writeWords(client, brandId, language, JSON.stringify(own));
  return view(language, own);
}

export async function readCopy(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  language: Language,
): Promise<View> {
  const { words } = await loadSettings(client, kept.db, brandId);
  return view(language, words.get(language) ?? {});
}

function view(language: Language, own: OwnWords): View {
  const words = Object.keys(own).length === 0 ? CATALOGUES[language] : withOwnWords(language, own);
  const texts = [...EDITABLE].map(([path, placeholders]) => ({
    path,
    text: textAt(words, path),
    placeholders: [...placeholders],
  }));
  return { language, own: { ...own }, texts };
}
