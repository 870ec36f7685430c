/** Instead of an answer: the HTTP server ends the connection without one. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}
