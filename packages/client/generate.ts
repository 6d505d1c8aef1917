import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as contract from '@kept/contract';
import { z } from 'zod';
import { buildApp } from '../server/src/app.ts';
import type { Kept } from '../server/src/platform/kept.ts';

/** Writes src/api.d.ts: the types of every operation, from the OpenAPI document that Kept serves. */

const INTO = fileURLToPath(new URL('src/api.d.ts', import.meta.url));

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly description?: string;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content?: Content };
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>;
}

/** @returns the file's text; the same for the same document */
export async function generate(): Promise<string> {
  const document = await documentOf();
  const names = namesOfShapes();
  const used = new Map<string, Schema>();
  const writer = new Writer(names, used);
  const operations: string[] = [];
  for (const [path, methods] of Object.entries(document.paths).sort(([one], [other]) =>
    one < other ? -1 : 1,
  ))
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>))
      if (path.startsWith('/v1/')) operations.push(operationText(method, path, operation, writer));
  const shapes: string[] = [];
  const written = new Set<string>();
  while (written.size < used.size)
    for (const [name, schema] of [...used])
      if (!written.has(name)) {
        written.add(name);
        shapes.push(`export type ${name} = ${writer.inside(schema)};`);
      }
  return [
    "// Generated from Kept's OpenAPI document by `npm run client`: changes by hand are lost.",
    '',
    `export interface Api {\n${operations.join('\n')}\n}`,
    '',
    ...shapes.sort(),
    '',
  ].join('\n');
}

/** The routes alone: nothing is asked of a database while they are collected. */
async function documentOf(): Promise<{ paths: Record<string, unknown> }> {
  const nothing = { pool: { query: async () => ({ rows: [] }) }, onSettings: () => {} };
  const log = { child: () => log, info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };
  const kept = { db: nothing, clock: { now: () => new Date(0) }, ids: {}, log } as unknown as Kept;
  const app = await buildApp(kept, { bootstrapKey: 'none' });
  await app.ready();
  const document = app.swagger() as { paths: Record<string, unknown> };
  await app.close();
  return document;
}

/** What the contract calls its shapes, by the text of their types; of two names for one shape, the first. */
function namesOfShapes(): Map<string, string> {
  const names = new Map<string, string>();
  const plain = new Writer(new Map(), new Map());
  for (const io of ['output', 'input'] as const)
    for (const [name, shape] of Object.entries(contract)) {
      if (!(shape instanceof z.ZodType)) continue;
      try {
        const text = plain.whole(z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Schema);
        const called = io === 'output' || name.endsWith('Input') ? name : `${name}Asked`;
        if (text.startsWith('{') && text.length > 60 && !names.has(text)) names.set(text, called);
      } catch {
        // Not every shape of the contract can be told as a schema: then it has no name.
      }
    }
  return names;
}

class Writer {
  private readonly names: ReadonlyMap<string, string>;
  private readonly used: Map<string, Schema>;
  private readonly texts = new WeakMap<Schema, string>();

  constructor(names: ReadonlyMap<string, string>, used: Map<string, Schema>) {
    this.names = names;
    this.used = used;
  }

  /** With names where shapes have them. */
  type(schema: Schema | undefined): string {
    if (schema === undefined) return 'unknown';
    const name = this.names.get(this.whole(schema));
    if (name === undefined) return this.inside(schema);
    if (!this.used.has(name)) this.used.set(name, schema);
    return name;
  }

  /** The shape itself, its parts by their names. */
  inside(schema: Schema): string {
    return textOf(schema, (part) => this.type(part), true);
  }

  /** Without any name: by this two shapes are known to be one. */
  whole(schema: Schema): string {
    let text = this.texts.get(schema);
    if (text === undefined) {
      text = textOf(schema, (part) => this.whole(part), false);
      this.texts.set(schema, text);
    }
    return text;
  }
}

function textOf(schema: Schema, part: (schema: Schema) => string, told: boolean): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(part))].join(' | ') || 'never';
  if (schema.allOf !== undefined) return schema.allOf.map((one) => `(${part(one)})`).join(' & ');
  if (schema.not !== undefined) return 'never';
  if (Array.isArray(schema.type)) return schema.type.map((type) => part({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      if (schema.prefixItems !== undefined) return `readonly [${schema.prefixItems.map(part).join(', ')}]`;
      return `readonly (${schema.items === undefined ? 'unknown' : part(schema.items)})[]`;
    case 'object':
      return objectText(schema, part, told);
    default:
      return 'unknown';
  }
}

function objectText(schema: Schema, part: (schema: Schema) => string, told: boolean): string {
  const { properties = {}, required = [], additionalProperties: more } = schema;
  const fields = Object.entries(properties).map(([name, field]) => {
    const comment = told && field.description !== undefined ? `/** ${commented(field.description)} */ ` : '';
    return `${comment}readonly ${named(name)}${required.includes(name) ? '' : '?'}: ${part(field)}`;
  });
  const open =
    typeof more === 'object'
      ? `readonly [name: string]: ${fields.length > 0 || Object.keys(more).length === 0 ? 'unknown' : part(more)}`
      : more === true || (fields.length === 0 && more === undefined)
        ? 'readonly [name: string]: unknown'
        : null;
  const all = open === null ? fields : [...fields, open];
  return all.length === 0 ? 'Record<never, never>' : `{ ${all.join('; ')} }`;
}

const named = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const commented = (text: string) => text.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ');

function operationText(method: string, path: string, operation: Operation, writer: Writer): string {
  const parts = (where: string) => (operation.parameters ?? []).filter((one) => one.in === where);
  const group = (name: string, list: readonly Parameter[]) => {
    if (list.length === 0) return [];
    const needed = list.some(({ required }) => required);
    const fields = list.map((one) => {
      const comment = one.description === undefined ? '' : `/** ${commented(one.description)} */ `;
      return `${comment}readonly ${named(one.name)}${one.required ? '' : '?'}: ${queryType(one, writer)}`;
    });
    return [`readonly ${name}${needed ? '' : '?'}: { ${fields.join('; ')} }`];
  };
  const body = operation.requestBody?.content?.['application/json']?.schema;
  const asked = [
    ...group('params', parts('path')),
    ...group('query', parts('query')),
    ...(body === undefined
      ? []
      : [`readonly body${operation.requestBody?.required ? '' : '?'}: ${writer.type(body)}`]),
  ];
  const answers = Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2'));
  const types = answers.map(([, { content }]) => {
    const schema = content?.['application/json']?.schema;
    return schema === undefined ? (content === undefined ? 'null' : 'string') : writer.type(schema);
  });
  const answer = [...new Set(types)].join(' | ') || 'unknown';
  const summary = operation.summary === undefined ? '' : `  /** ${commented(operation.summary)} */\n`;
  return `${summary}  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: { asked: ${asked.length === 0 ? 'Record<never, never>' : `{ ${asked.join('; ')} }`}; answer: ${answer} };`;
}

/** Numbers and truths may be written as they are: they are text in an address. */
function queryType({ schema, in: where }: Parameter, writer: Writer): string {
  const type = writer.type(schema);
  if (type !== 'string') return type;
  return where === 'path' ? 'string | number' : 'string | number | boolean';
}

if (import.meta.main) {
  await writeFile(INTO, await generate());
  process.exit(0);
}
