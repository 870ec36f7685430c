import { createHash } from 'node:crypto';

/** The curve's field, and the order of its base point. */
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const TWICE_D = 16295367250680780974490674513165176452449235426866156013048779062215315747161n;

/** X, Y, Z and T, with x = X / Z, y = Y / Z and x * y = T / Z. */
type Point = readonly [bigint, bigint, bigint, bigint];

const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;
const BASE: Point = [BASE_X, BASE_Y, 1n, (BASE_X * BASE_Y) % P];

const modulo = (value: bigint, by: bigint) => ((value % by) + by) % by;
const inField = (value: bigint) => modulo(value, P);

/** Of any two points, the same one twice as well. @see https://www.rfc-editor.org/rfc/rfc8032#section-5.1.4 */
function sum([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const [a, b] = [inField((y1 - x1) * (y2 - x2)), inField((y1 + x1) * (y2 + x2))];
  const [c, d] = [inField(t1 * TWICE_D * t2), inField(2n * z1 * z2)];
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [inField(e * f), inField(g * h), inField(f * g), inField(e * h)];
}

/** The base point so many times, as 32 bytes. */
function timesBase(times: bigint): Buffer {
  let [total, doubled]: [Point, Point] = [[0n, 1n, 1n, 0n], BASE];
  for (let rest = times; rest > 0n; rest >>= 1n) {
    if (rest & 1n) total = sum(total, doubled);
    doubled = sum(doubled, doubled);
  }
  const [x, y, z] = total;
  const inverse = power(z, P - 2n);
  return bytesOf(inField(y * inverse) | ((inField(x * inverse) & 1n) << 255n));
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = inField(result * square);
    square = inField(square * square);
  }
  return result;
}

const numberOf = (bytes: Buffer) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const bytesOf = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();

function sha512(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The private key is a password of any length: Node's own takes 32 bytes alone. */
function keyOf(password: string) {
  const digest = sha512(password);
  const clamped = (numberOf(digest.subarray(0, 32)) & ((1n << 254n) - 8n)) | (1n << 254n);
  return { secret: clamped, prefix: digest.subarray(32) };
}

/** What MariaDB's `ed25519` stores of a password. */
export function ed25519PublicKey(password: string): Buffer {
  return timesBase(keyOf(password).secret);
}

/** How a client proves that it knows the password: it signs what the server has made up. */
export function ed25519Signature(password: string, message: Buffer): Buffer {
  const { secret, prefix } = keyOf(password);
  const once = modulo(numberOf(sha512(prefix, message)), ORDER);
  const r = timesBase(once);
  const hash = modulo(numberOf(sha512(r, timesBase(secret), message)), ORDER);
  return Buffer.concat([r, bytesOf(modulo(once + hash * secret, ORDER))]);
}
