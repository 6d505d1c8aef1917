import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

/** A way to a server that can be shut: those that were through are cut off, and whoever comes is not let in. */
export interface Gate {
  readonly port: number;
  shut(): Promise<void>;
  open(): Promise<void>;
}

/** Open from the start, on a port of its own that stays the same. */
export async function gateTo(target: NetConnectOpts): Promise<Gate> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // it is closed with it
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((inside) => {
    const outside = keep(connect(target));
    keep(inside).pipe(outside).pipe(inside);
    inside.on('close', () => outside.destroy());
    outside.on('close', () => inside.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async shut() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async open() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
}

/** To the PostgreSQL of a URL, whether it listens at a port or a socket; with the URL that leads through the gate. */
export async function gateToDatabase(url: string): Promise<Gate & { readonly url: string }> {
  const parsed = new URL(url);
  const directory = parsed.searchParams.get('host');
  const port = parsed.searchParams.get('port') ?? (parsed.port || '5432');
  const gate = await gateTo(
    directory?.startsWith('/')
      ? { path: `${directory}/.s.PGSQL.${port}` }
      : { host: directory ?? parsed.hostname, port: Number(port) },
  );
  parsed.searchParams.delete('host');
  parsed.searchParams.delete('port');
  parsed.hostname = '127.0.0.1';
  parsed.port = String(gate.port);
  return { ...gate, url: parsed.href };
}
