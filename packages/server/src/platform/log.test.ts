import { Writable } from 'node:stream';
import pg from 'pg';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { logOptions } from './log.ts';

function written(write: (log: pino.Logger) => void): Record<string, unknown> {
  let line = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      line += chunk;
      done();
    },
  });
  write(pino(logOptions('info'), stream));
  return JSON.parse(line);
}

test('a line is JSON with its level in words and its time in UTC', () => {
  expect(written((log) => log.info({ items: 3 }, 'planned'))).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    items: 3,
    msg: 'planned',
  });
});

test('a request is logged by its route: its address may hold a token or a name', () => {
  const req = {
    id: 'req-1',
    method: 'GET',
    url: '/c/secret-token?email=a@b.c',
    routeOptions: { url: '/c/:token' },
  };
  const line = written((log) => log.info({ req }));
  expect(line.req).toEqual({ id: 'req-1', method: 'GET', route: '/c/:token' });
});

test('a database error is logged without the row that it quotes', () => {
  const err = new pg.DatabaseError('duplicate key value violates unique constraint "user_email"', 0, 'error');
  Object.assign(err, {
    code: '23505',
    severity: 'ERROR',
    detail: 'Key (email)=(ann@example.com) already exists.',
  });
  const line = written((log) => log.error({ err }));
  expect(line.err).toMatchObject({ code: '23505', message: expect.stringContaining('user_email') });
  expect(JSON.stringify(line)).not.toContain('ann@');
});

test('nor with the value that it could not read', () => {
  const err = new pg.DatabaseError('invalid input syntax for type integer: "ann@example.com"', 0, 'error');
  Object.assign(err, { code: '22P02', severity: 'ERROR' });
  const line = written((log) => log.error({ err: new Error('import failed', { cause: err }) }));
  expect(line.err).toMatchObject({ message: 'import failed', cause: { code: '22P02' } });
  expect(JSON.stringify(line)).not.toContain('ann@');
});

test('personal fields of a logged object are masked', () => {
  const order = {
    ref: 'web:1001',
    customer: { name: 'Ann', email: 'ann@example.com' },
    shipTo: { zip: '10115' },
  };
  const line = JSON.stringify(written((log) => log.info({ order })));
  expect(line).toContain('web:1001');
  expect(line).not.toMatch(/Ann|ann@|10115/);
});
