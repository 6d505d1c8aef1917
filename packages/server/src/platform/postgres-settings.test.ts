import { expect, test } from 'vitest';
import { bufferMegabytes, postgresSettings } from './postgres-settings.ts';

test.each([
  ['a small machine', 512, 128],
  ['a laptop', 16_384, 2048],
  ['a large server', 262_144, 4096],
])('%s: the server keeps an eighth of the memory, within bounds', (_, memory, megabytes) => {
  expect(bufferMegabytes(memory * 2 ** 20)).toBe(megabytes);
});

test('a test’s server stays small, and says that it is disposable', () => {
  const settings = postgresSettings({ port: 5432, host: '127.0.0.1' }, false);
  expect(settings).toContain('shared_buffers = 128MB');
  expect(settings).toContain('fsync = off');
});
