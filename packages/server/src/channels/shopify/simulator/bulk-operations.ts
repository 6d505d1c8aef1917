import type { ServerResponse } from 'node:http';
import { type DocumentNode, execute, type GraphQLSchema, parse, validate } from 'graphql';
import type { Asking } from './queries.ts';
import { numberIn, type SimShop } from './state.ts';

interface Operation {
  readonly id: string;
  readonly query: string;
  status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  asked: number;
  lines: string[];
}

/** Shopify's bulk operations: a query over everything, whose answer is laid ready as a file of JSON lines. */
export class BulkOperations {
  /** How often one is asked about before it is over. */
  takes = 2;
  /** The next ones end so. */
  fail = 0;
  /** The next downloads break off after so many lines. */
  readonly breakAfter: number[] = [];
  readonly #operations = new Map<string, Operation>();
  readonly #shop: SimShop;
  readonly #schema: GraphQLSchema;
  readonly #root: () => unknown;

  constructor(shop: SimShop, schema: GraphQLSchema, root: () => unknown) {
    this.#shop = shop;
    this.#schema = schema;
    this.#root = root;
  }

  async run(query: string) {
    const no = (code: string, message: string) => ({
      bulkOperation: null,
      userErrors: [{ code, field: ['query'], message }],
    });
    if ([...this.#operations.values()].filter((one) => one.status === 'RUNNING').length >= 5)
      return no('LIMIT_REACHED', 'A bulk query operation for this app and shop is already in progress.');
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      return no('INVALID', (error as Error).message);
    }
    const errors = validate(this.#schema, document);
    if (errors.length > 0) return no('INVALID', errors.map((one) => one.message).join('; '));
    const operation: Operation = {
      id: this.#shop.id('BulkOperation'),
      query,
      status: 'RUNNING',
      asked: 0,
      lines: [],
    };
    const result = await execute({
      schema: this.#schema,
      document,
      rootValue: this.#root(),
      contextValue: { bulk: true } satisfies Asking,
    });
    if (result.errors !== undefined) return no('INVALID', result.errors.map((one) => one.message).join('; '));
    for (const root of Object.values(result.data ?? {})) linesOf(root as Connection, null, operation.lines);
    this.#operations.set(operation.id, operation);
    return { bulkOperation: { id: operation.id, status: 'CREATED' }, userErrors: [] };
  }

  look(id: string, url: string) {
    const one = this.#operations.get(id);
    if (one === undefined) return null;
    one.asked++;
    if (one.status === 'RUNNING' && one.asked >= this.takes) {
      one.status = this.fail > 0 ? 'FAILED' : 'COMPLETED';
      if (this.fail > 0) this.fail--;
    }
    const done = one.status === 'COMPLETED';
    return {
      id,
      status: one.status,
      errorCode: one.status === 'FAILED' ? 'INTERNAL_SERVER_ERROR' : null,
      objectCount: String(one.lines.length),
      rootObjectCount: String(one.lines.length),
      url: done && one.lines.length > 0 ? `${url}/bulk/${numberIn(id)}.jsonl` : null,
      partialDataUrl: null,
      createdAt: this.#shop.now(),
      completedAt: done ? this.#shop.now() : null,
    };
  }

  async serve(number: number, response: ServerResponse): Promise<void> {
    const one = [...this.#operations.values()].find(({ id }) => numberIn(id) === number);
    if (one === undefined) {
      response.writeHead(404);
      response.end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/jsonl' });
    const most = this.breakAfter.shift();
    for (const [index, line] of one.lines.entries()) {
      if (index === most) {
        response.destroy();
        return;
      }
      if (!response.write(`${line}\n`)) await new Promise((resolve) => response.once('drain', resolve));
    }
    response.end();
  }
}

interface Connection {
  readonly edges: readonly { readonly node: Record<string, unknown> & { id: string } }[];
}

const isConnection = (value: unknown): value is Connection =>
  typeof value === 'object' && value !== null && Array.isArray((value as Connection).edges);

/** Each object a line, its nested connections' objects after it with `__parentId`. */
function linesOf(connection: Connection, parent: string | null, lines: string[]): void {
  for (const { node } of connection.edges) {
    const own = Object.fromEntries(Object.entries(node).filter(([, value]) => !isConnection(value)));
    lines.push(JSON.stringify(parent === null ? own : { ...own, __parentId: parent }));
    for (const value of Object.values(node)) if (isConnection(value)) linesOf(value, node.id, lines);
  }
}
