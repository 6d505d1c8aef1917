import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../packages/server/src/platform/database.ts';
import type { BenchBrand } from './brand.ts';

const PGBENCH = 'pgbench';
/** Clients at once, and the rows that they update at random. */
const CLIENTS = 32;
const ROWS = 10_000;

/** What one would write who needs no answer but yes: one row updated and one inserted, in a transaction of its own. */
const STATEMENTS = [
  'update bench_limit.stock set reserved = reserved + 1 where item_id = $1',
  'insert into bench_limit.taken (item_id, quantity) values ($1, 1)',
] as const;

/**
 * The limit of whoever takes one order a transaction: PostgreSQL's own pgbench, prepared statements, 32 clients. Where it is
 * not installed, 32 connections do the same from here, each transaction in one go.
 */
export class UpdateInsert {
  readonly how: string;
  private readonly brand: BenchBrand;
  private readonly directory: string;
  private readonly pgbench = spawnSync(PGBENCH, ['--version']).status === 0;

  constructor(brand: BenchBrand, directory: string) {
    this.brand = brand;
    this.directory = directory;
    this.how = this.pgbench
      ? `pgbench, ${CLIENTS} clients, prepared statements`
      : `pgbench is not installed: ${CLIENTS} connections of this bench stand in for it`;
  }

  async prepare(): Promise<void> {
    await this.brand.asOwner(`
      create schema bench_limit;
      create table bench_limit.stock (item_id int primary key, reserved int not null) with (fillfactor = 50);
      create table bench_limit.taken (number bigint generated always as identity primary key, item_id int not null,
        quantity int not null);
      insert into bench_limit.stock select n, 0 from generate_series(1, ${ROWS}) n;
      grant usage on schema bench_limit to public;
      grant select, insert, update on all tables in schema bench_limit to public`);
    for (const rows of [1, ROWS]) {
      const [update, insert] = STATEMENTS.map((sql) => `${sql.replace('$1', ':item')};`);
      const script = [`\\set item random(1, ${rows})`, 'begin;', update, insert, 'commit;'].join('\n');
      await writeFile(this.script(rows), script);
    }
  }

  /** Transactions per second on one row, or on rows at random. */
  perSecond(rows: 'one' | 'random', seconds: number): Promise<number> {
    const count = rows === 'one' ? 1 : ROWS;
    return this.pgbench ? this.runPgbench(count, seconds) : this.runHere(count, seconds);
  }

  private script(rows: number): string {
    return join(this.directory, `update-insert-${rows}.sql`);
  }

  private async runPgbench(rows: number, seconds: number): Promise<number> {
    const options = ['-n', '-M', 'prepared', '-c', `${CLIENTS}`, '-j', '2', '-T', `${seconds}`];
    const child = spawn(PGBENCH, [...options, '-f', this.script(rows), this.brand.url]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    await once(child, 'close');
    const [, rate] = /tps = ([\d.]+)/.exec(said) ?? [];
    if (rate === undefined) throw new Error(`pgbench: ${said}`);
    return Number(rate);
  }

  private async runHere(rows: number, seconds: number): Promise<number> {
    const { pool, close } = await openDatabase({ url: this.brand.url, max: CLIENTS });
    const until = performance.now() + seconds * 1000;
    let done = 0;
    const client = async () => {
      const connection = await pool.connect();
      while (performance.now() < until) {
        const values = [1 + Math.floor(Math.random() * rows)];
        await Promise.all([
          connection.query('begin'),
          ...STATEMENTS.map((text) => connection.query({ name: text.slice(0, 6), text, values })),
          connection.query('commit'),
        ]);
        done++;
      }
      connection.release();
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: CLIENTS }, client));
    const elapsed = performance.now() - started;
    await close();
    return (done * 1000) / elapsed;
  }
}
