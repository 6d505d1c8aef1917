import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema } from 'graphql';

let known: GraphQLSchema | undefined;

/**
 * The part of Shopify's published schema that Kept's operations touch, as `simulator/schema.graphql` has it: a test makes it
 * anew from the whole schema and compares.
 */
export function keptSchema(): GraphQLSchema {
  known ??= buildSchema(readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'));
  return known;
}
