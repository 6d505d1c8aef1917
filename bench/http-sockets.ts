import { connect, type Socket } from 'node:net';

/** Load on a server on plain sockets with keep-alive, one request at a time on each. */

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Requests are sent at this rate, whatever comes back; null: each connection sends the next when it has its answer. */
  readonly perSecond: number | null;
}

export interface LoadOutcome {
  readonly perSecond: number;
  /** Milliseconds from the moment a request was due until its answer was there. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** Answers with another status than was expected. */
  readonly failed: number;
}

class Connection {
  private readonly port: number;
  private readonly onAnswer: (connection: Connection, status: number, due: number) => void;
  private socket: Socket;
  private received = '';
  private due = 0;
  /** What has no answer yet. */
  private request: string | null = null;
  private over = false;

  constructor(port: number, onAnswer: Connection['onAnswer']) {
    this.port = port;
    this.onAnswer = onAnswer;
    this.socket = this.open();
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.receive(text));
    socket.on('error', (error) => {
      throw error;
    });
    // A server may end one that was idle at the moment in which it is used: senders then send again.
    socket.on('close', () => {
      if (this.over) return;
      this.socket = this.open();
      if (this.request !== null) this.socket.write(this.request);
    });
    return socket;
  }

  send(request: string, due: number): void {
    this.due = due;
    this.request = request;
    this.socket.write(request);
  }

  close(): void {
    this.over = true;
    this.socket.destroy();
  }

  private receive(text: string): void {
    this.received = this.received === '' ? text : this.received + text;
    const head = this.received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const at = this.received.search(/content-length: /i);
    const length = Number.parseInt(this.received.slice(at + 16, at + 24), 10);
    if (at < 0 || at > head) throw new Error(`an answer without its length: ${this.received.slice(0, 200)}`);
    if (this.received.length < head + 4 + length) return;
    const status = Number(this.received.slice(9, 12));
    this.received = '';
    this.request = null;
    this.onAnswer(this, status, this.due);
  }
}

/** @param request makes the next request, head and body; `success` is the status of an answer that is right */
export function drive(
  { port, connections, seconds, perSecond }: Load,
  request: () => string,
  success: number,
): Promise<LoadOutcome> {
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
    if (status !== success) failed++;
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
      // Each in its turn: a server ends what says nothing for long.
      const connection = idle.shift();
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
