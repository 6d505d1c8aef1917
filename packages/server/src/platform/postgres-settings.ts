import type { Endpoint } from './postmaster.ts';

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

# Holds the hot rows of a brand of a million orders; small enough for a laptop.
shared_buffers = 256MB
# An import writes gigabytes; with the default of 1GB it would wait for checkpoints.
max_wal_size = 2GB
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
