/** What a route of the simulator answers. */
export interface Said {
  readonly status: number;
  /** Left out: no content. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked {
  /** Out of the path. */
  readonly names: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export const ok = (body: unknown, status = 200): Said => ({ status, body });

export const wrong = (status: number, code: string, message: string, details = ''): Said => ({
  status,
  body: { errors: [{ code, message, details }] },
});

export const notFound = (what: string): Said => wrong(404, 'NotFound', `${what} does not exist.`);
export const invalid = (message: string): Said => wrong(400, 'InvalidInput', message);
