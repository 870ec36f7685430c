import type { Socket } from 'node:net';

/** What Postgres.js throws for a connection that ended without a word. Made while it is open, since a closed one has no address. */
export function lostConnection({ remoteAddress, remotePort }: Socket): Error {
  const code = 'CONNECTION_CLOSED';
  const message = remoteAddress === undefined ? `write ${code}` : `write ${code} ${remoteAddress}:${remotePort}`;
  return Object.assign(new Error(message), { code });
}
