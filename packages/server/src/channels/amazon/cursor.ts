import { z } from 'zod';

const text = z.string();

/** A cursor is JSON that only its own stream reads; one that cannot be read any more begins again. */
export function readCursor<T extends z.ZodType>(schema: T, cursor: string | null): z.output<T> | null {
  if (cursor === null) return null;
  try {
    return schema.parse(JSON.parse(text.parse(cursor)));
  } catch {
    return null;
  }
}

export const writeCursor = (value: unknown): string => JSON.stringify(value);
