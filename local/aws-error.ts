/** An error that AWS itself would answer: its code and its own text. The HTTP server turns it into the wire form. */
export class AwsError extends Error {
  /** @param code AWS's exception name, such as `ResourceNotFoundException`. */
  constructor(
    readonly code: string,
    message: string,
    readonly statusCode = 400,
  ) {
    super(message);
    this.name = code;
  }
}
