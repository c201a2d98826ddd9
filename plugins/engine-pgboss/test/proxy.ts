import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** A cable to the server that can be cut. */
export interface Cable extends AsyncDisposable {
  /** The same database through the cable. */
  readonly connection: string;
  /** Nothing goes through any more, and nobody gets in. */
  cut(): void;
  /** Through what goes through it now nothing comes any more, and nobody is told so; who comes `later` gets through, unless that is asked for too. */
  hush(later?: boolean): void;
  mend(): void;
}

/** From a port of this machine's own to the socket in the server's folder, or to its port. */
export async function openCable(connection: string): Promise<Cable> {
  const url = new URL(connection.replace('@/', '@socket/'));
  const folder = url.searchParams.get('host');
  const to = folder === null ? { host: url.hostname, port: Number(url.port || 5432) } : { path: `${folder}/.s.PGSQL.5432` };
  const sockets = new Set<Socket>();
  let isCut = false;
  const silent = new Set<Socket>();
  let isSilent = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = createConnection(to as never);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one);
      if (isSilent) silent.add(one);
      one.on('data', (bytes) => void (silent.has(one) || other.write(bytes)));
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        if (!silent.has(one)) other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    connection: url.href,
    cut,
    hush(later = false) {
      for (const socket of sockets) silent.add(socket);
      isSilent = later;
    },
    mend: () => void (isCut = false),
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
