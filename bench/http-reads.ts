import { drive, type Load, type LoadOutcome } from './http-sockets.ts';

/** A load of reads from a process of its own. Its options are its only argument, as JSON; its outcome is the line of JSON it prints. */

export interface ReadOptions extends Load {
  readonly key: string;
  /** `{n}` in it is a random number below `numbers`. */
  readonly path: string;
  readonly numbers: number;
  /** One header more, as `name: value`. */
  readonly header?: string | undefined;
}

function load(options: ReadOptions): Promise<LoadOutcome> {
  const { key, path, numbers, header } = options;
  const [before, after = ''] = path.split('{n}');
  const headers = ` HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\n${header === undefined ? '' : `${header}\r\n`}\r\n`;
  const request = () => `GET ${before}${Math.floor(Math.random() * numbers)}${after}${headers}`;
  return drive(options, request, 200);
}

if (import.meta.main) console.log(JSON.stringify(await load(JSON.parse(process.argv[2]!))));
