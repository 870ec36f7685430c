/** Thrown instead of an answer: the HTTP server closes the connection without one. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}
