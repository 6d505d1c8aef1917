import { connect, type Socket } from 'node:net';

/**
 * A load of orders from a process of its own, so that it does not share the server's thread: plain sockets with keep-alive,
 * one request at a time on each. Its options are its only argument, as JSON; its outcome is the line of JSON it prints.
 */

export interface LoadOptions {
  readonly port: number;
  readonly key: string;
  readonly skus: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Orders are sent at this rate, whatever comes back; null: each connection sends the next when it has its answer. */
  readonly perSecond: number | null;
  /** Orders of no two loads may have the same name. */
  readonly name: string;
}

export interface LoadOutcome {
  readonly perSecond: number;
  /** Milliseconds from the moment an order was due until its answer was there. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** Answers other than 201. */
  readonly failed: number;
}

class Connection {
  private readonly socket: Socket;
  private readonly onAnswer: (connection: Connection, status: number, due: number) => void;
  private received = '';
  private due = 0;

  constructor(port: number, onAnswer: Connection['onAnswer']) {
    this.onAnswer = onAnswer;
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => this.receive(text));
    this.socket.on('error', (error) => {
      throw error;
    });
  }

  send(request: string, due: number): void {
    this.due = due;
    this.socket.write(request);
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(text: string): void {
    this.received += text;
    const head = this.received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /content-length: (\d+)/i.exec(this.received.slice(0, head))?.[1];
    if (length === undefined) throw new Error(`an answer without its length: ${this.received.slice(0, 200)}`);
    if (this.received.length < head + 4 + Number(length)) return;
    const status = Number(this.received.slice(9, 12));
    this.received = '';
    this.onAnswer(this, status, this.due);
  }
}

function load(options: LoadOptions): Promise<LoadOutcome> {
  const { port, key, skus, connections, seconds, perSecond, name } = options;
  const headers = `POST /v1/orders HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
  let sent = 0;
  const request = () => {
    const sku = skus[Math.floor(Math.random() * skus.length)]!;
    const number = ++sent;
    const body = `{"ref":"${name}-${number}","channel":"web","placedAt":"${new Date().toISOString()}","customer":{"name":"Customer ${number}","email":"customer${number}@example.com"},"shipTo":{"country":"GB","zip":"E1 6AN"},"lines":[{"line":1,"sku":"${sku}","quantity":1,"price":{"amount":1999,"currency":"GBP"}}]}`;
    return `${headers}content-length: ${body.length}\r\n\r\n${body}`;
  };
  const { promise, resolve } = Promise.withResolvers<LoadOutcome>();
  const latencies: number[] = [];
  const waiting: number[] = [];
  let failed = 0;
  const began = performance.now();
  const until = began + seconds * 1000;
  const all = Array.from({ length: connections }, () => new Connection(port, answered));
  const idle = [...all];

  function answered(connection: Connection, status: number, due: number): void {
    const now = performance.now();
    latencies.push(now - due);
    if (status !== 201) failed++;
    const next = perSecond === null && now < until ? now : waiting.shift();
    if (next !== undefined) {
      connection.send(request(), next);
      return;
    }
    idle.push(connection);
    if (now >= until && idle.length === all.length) finish(now);
  }

  function finish(now: number): void {
    for (const connection of all) connection.close();
    latencies.sort((a, b) => a - b);
    const at = (share: number) =>
      latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
    const rate = (latencies.length * 1000) / (now - began);
    resolve({ perSecond: rate, p50: at(0.5), p99: at(0.99), worst: at(1), failed });
  }

  if (perSecond === null) {
    for (const connection of idle.splice(0)) connection.send(request(), performance.now());
    return promise;
  }
  let due = began;
  const timer = setInterval(() => {
    const now = performance.now();
    for (; due <= now && due < until; due += 1000 / perSecond) {
      const connection = idle.pop();
      if (connection === undefined) waiting.push(due);
      else connection.send(request(), due);
    }
    if (due >= until) {
      clearInterval(timer);
      if (idle.length === all.length) finish(now);
    }
  }, 1);
  return promise;
}

if (import.meta.main) console.log(JSON.stringify(await load(JSON.parse(process.argv[2]!))));
