import { decodeJwt, decodeProtectedHeader } from 'jose';

/** A JWT's two readable parts. What they say is not proved. */
export interface Jwt {
  readonly header: { readonly alg?: string; readonly kid?: string; readonly nonce?: unknown };
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A token's parts if it is a signed JWT, else undefined. */
export function readJwt(token: string): Jwt | undefined {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    return undefined;
  }
}
