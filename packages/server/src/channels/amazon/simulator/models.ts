import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'body';
  readonly required?: boolean;
  readonly type?: string;
  readonly schema?: object;
}
interface ModelOperation {
  readonly operationId: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: object }>>;
}
interface Model {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, unknown>> & { readonly parameters?: readonly Parameter[] }>
  >;
  readonly definitions: object;
}
interface Compiled {
  readonly operation: ModelOperation;
  readonly parameters: readonly Parameter[];
  readonly of: (schema: object) => ValidateFunction;
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);

/** Where Amazon's published models lie: named by the environment, else beside the project. Null: nowhere here. */
export function modelsDirectory(): string | null {
  const beside = fileURLToPath(new URL('../../../../../../../shared/schemas/amazon', import.meta.url));
  const directory = process.env.KEPT_AMAZON_MODELS ?? beside;
  return existsSync(join(directory, 'orders_2026-01-01.json')) ? directory : null;
}

/** Holds requests, answers and notifications against the models that Amazon publishes. */
export class Models {
  readonly #operations = new Map<string, Compiled>();
  readonly #notifications = new Map<string, ValidateFunction>();

  constructor(directory: string) {
    for (const name of readdirSync(directory).filter((file) => file.endsWith('.json'))) {
      const model = JSON.parse(readFileSync(join(directory, name), 'utf8')) as Model;
      if (model.paths !== undefined) this.#compile(name, model);
    }
    const notifications = join(directory, 'notifications');
    if (!existsSync(notifications)) return;
    for (const name of readdirSync(notifications)) {
      const schema = JSON.parse(readFileSync(join(notifications, name), 'utf8')) as Record<string, unknown>;
      // they all carry the same id out of an example
      const { $id: _same, ...rest } = schema;
      this.#notifications.set(name.replace(/\.json$/, ''), newAjv().compile(withoutIds(rest) as object));
    }
  }

  /** What is wrong with a request; empty: nothing. Null: no model has the path. */
  request(
    method: string,
    path: string,
    query: URLSearchParams,
    headers: Readonly<Record<string, unknown>>,
    body: unknown,
  ): string[] | null {
    const found = this.#find(method, path);
    if (found === null) return null;
    const { compiled, names } = found;
    const wrong: string[] = [];
    const known = new Set(compiled.parameters.filter((one) => one.in === 'query').map((one) => one.name));
    for (const name of query.keys()) if (!known.has(name)) wrong.push(`query ${name} is not a parameter`);
    for (const parameter of compiled.parameters) {
      if (parameter.in === 'body') {
        if (body === undefined) {
          if (parameter.required) wrong.push('a body is missing');
        } else if (parameter.schema !== undefined)
          wrong.push(...faults(compiled.of(parameter.schema), body, 'body'));
        continue;
      }
      const text =
        parameter.in === 'query'
          ? query.get(parameter.name)
          : parameter.in === 'path'
            ? (names[parameter.name] ?? null)
            : ((headers[parameter.name.toLowerCase()] as string | undefined) ?? null);
      if (text === null) {
        if (parameter.required) wrong.push(`${parameter.in} ${parameter.name} is missing`);
        continue;
      }
      const { name, in: place, required: _required, schema: _schema, ...schema } = parameter;
      wrong.push(...faults(compiled.of(schema), readAs(text, parameter), `${place} ${name}`));
    }
    return wrong;
  }

  /** The usage plan that a path template's description states; null: it states none, or no model has it. */
  usagePlan(method: string, template: string): { rate: number; burst: number } | null {
    const description = this.#operations.get(`${method} ${template}`)?.operation.description ?? '';
    const [, rate, burst] = /\|\s*([\d.]+)\s*\|\s*(\d+)\s*\|/.exec(description) ?? [];
    return rate === undefined ? null : { rate: Number(rate), burst: Number(burst) };
  }

  /** What is wrong with an answer. */
  answer(method: string, path: string, status: number, body: unknown): string[] {
    const found = this.#find(method, path);
    if (found === null) return [];
    const response = found.compiled.operation.responses[String(status)];
    if (response === undefined) return [`${found.compiled.operation.operationId} has no answer ${status}`];
    if (response.schema === undefined) return [];
    return faults(found.compiled.of(response.schema), body, `answer ${status}`);
  }

  /** What is wrong with a notification; the model's file names it. */
  notification(file: string, body: unknown): string[] {
    const validate = this.#notifications.get(file);
    return validate === undefined ? [`there is no model ${file}`] : faults(validate, body, file);
  }

  #compile(file: string, model: Model): void {
    const ajv = newAjv();
    ajv.addSchema({ $id: file, definitions: model.definitions });
    const compiled = new Map<object, ValidateFunction>();
    const of = (schema: object): ValidateFunction => {
      let validate = compiled.get(schema);
      if (validate === undefined) {
        const text = JSON.stringify(schema).replaceAll('"#/definitions/', `"${file}#/definitions/`);
        validate = ajv.compile(JSON.parse(text) as object);
        compiled.set(schema, validate);
      }
      return validate;
    };
    for (const [path, item] of Object.entries(model.paths))
      for (const [method, operation] of Object.entries(item)) {
        if (!METHODS.has(method)) continue;
        const shape = operation as ModelOperation;
        const parameters = [...(item.parameters ?? []), ...(shape.parameters ?? [])];
        this.#operations.set(`${method.toUpperCase()} ${path}`, { operation: shape, parameters, of });
      }
  }

  #find(method: string, path: string): { compiled: Compiled; names: Record<string, string> } | null {
    for (const [key, compiled] of this.#operations) {
      const [verb, template] = key.split(' ') as [string, string];
      if (verb !== method) continue;
      const names = match(template, path);
      if (names !== null) return { compiled, names };
    }
    return null;
  }
}

/** The names in a path such as `/orders/{orderId}`; null: another path. */
export function match(template: string, path: string): Record<string, string> | null {
  const wanted = template.split('/');
  const parts = path.split('/');
  if (wanted.length !== parts.length) return null;
  const names: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(want)?.[1];
    const part = decodeURIComponent(parts[index]!);
    if (name !== undefined) names[name] = part;
    else if (want !== part) return null;
  }
  return names;
}

function newAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  // Swagger's own number formats say how wide a number is
  for (const format of ['int32', 'int64', 'double', 'float']) ajv.addFormat(format, true);
  return ajv;
}

function readAs(text: string, { type }: Parameter): unknown {
  if (type === 'array') return text.split(',');
  if (type === 'integer' || type === 'number') return text === '' ? text : Number(text);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function faults(validate: ValidateFunction, value: unknown, where: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${where}${instancePath} ${message}`);
}

/** Ids inside the notifications' schemas are fragments of paths, which newer drafts refuse. */
function withoutIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutIds);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, value]) =>
      name === '$id' && typeof value === 'string' ? [] : [[name, withoutIds(value)]],
    ),
  );
}
