import { totalmem } from 'node:os';
import type { Endpoint } from './postmaster.ts';

const LEAST_BUFFERS_MB = 128;
const MOST_BUFFERS_MB = 4096;
/** PostgreSQL's manual gives a server of its own a quarter of the memory: this one shares the machine. */
const PART_OF_MEMORY = 8;

/** What the server keeps of its tables in memory, megabytes; taken as it is used, so that a small brand takes little. */
export function bufferMegabytes(memoryBytes: number): number {
  const part = Math.floor(memoryBytes / PART_OF_MEMORY / 2 ** 20);
  return Math.min(MOST_BUFFERS_MB, Math.max(LEAST_BUFFERS_MB, part));
}

/** The machine's, or what a container leaves of it. */
const memoryBytes = () => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** The settings of an embedded server: what differs from PostgreSQL's defaults, each with its reason. */
export function postgresSettings(endpoint: Endpoint, fsync: boolean): string {
  const listening =
    'socketDirectory' in endpoint
      ? `
# Only through a file that nobody but the owner can open: no port, no password.
listen_addresses = ''
unix_socket_directories = ${quoted(endpoint.socketDirectory)}
unix_socket_permissions = 0700`
      : `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''`;

  return `# Written by Kept at each start; changes here are lost. Use a server of your own (KEPT_DATABASE_URL) to tune it.
port = ${endpoint.port}
${listening}

# Holds the hot rows of a brand: a re-plan of a million lines reads and writes them in another order than they lie in.
shared_buffers = ${fsync ? bufferMegabytes(memoryBytes()) : LEAST_BUFFERS_MB}MB
# An import writes gigabytes; with the default of 1GB it would wait for checkpoints.
max_wal_size = 4GB
# The first change of a page after a checkpoint logs the whole page: half of it is air.
wal_compression = on
# Data lies on an SSD nearly everywhere; 4, the default, is a turning disk's.
random_page_cost = 1.1
# Kept's statements are short; compiling them takes longer than they run.
jit = off

# The same on every machine.
timezone = 'UTC'
datestyle = 'ISO'
lc_messages = 'C'

# A week of log, then each day overwrites its own.
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_size = 0
log_timezone = 'UTC'
log_checkpoints = off
${fsync ? '' : DISPOSABLE}`;
}

const DISPOSABLE = `
# For tests only: a power cut may lose everything.
fsync = off
synchronous_commit = off
full_page_writes = off
`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
