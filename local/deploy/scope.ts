import { DeployError } from './deploy-error.ts';
import type { ReferencePath } from './expression/expression.ts';

/** The attributes of a resource or data source that was created or read. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * The resource or data source that a reference names. Undefined for `var.…` and `path.module`.
 *
 * @throws UNSUPPORTED the reference begins with another of Terraform's own words, such as `local` or `each`.
 */
export function addressOf(path: ReferencePath): string | undefined {
  const [root, second, third] = path;
  if (root === 'var') return undefined;
  if (root === 'path' && second === 'module') return undefined;
  if (root === 'path') throw new DeployError('UNSUPPORTED', `"path.${second}" is not supported by the local deploy.`);
  if (root === 'data') return `data.${second}.${third}`;
  if (/^(local|each|count|self|module|terraform|ephemeral)$/.test(String(root))) {
    throw new DeployError('UNSUPPORTED', `"${root}" is not supported by the local deploy.`);
  }
  return `${root}.${second}`;
}

/** The values of references while a stack is deployed. Each resource adds its own. */
export class Scope {
  readonly #attributes = new Map<string, Attributes>();

  constructor(
    /** The stack's folder, which is `path.module`. */
    readonly folder: string,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  add(address: string, attributes: Attributes): void {
    this.#attributes.set(address, attributes);
  }

  /** @throws REFERENCE there is nothing at that path. */
  readonly resolve = (path: ReferencePath): unknown => {
    const address = addressOf(path);
    if (address === undefined) return path[0] === 'var' ? dig({ var: this.variables }, path) : this.folder;
    const attributes = this.#attributes.get(address);
    if (!attributes) throw new DeployError('REFERENCE', `"${address}" is not declared in the stack.`);
    const depth = path[0] === 'data' ? 3 : 2;
    return dig({ [address]: attributes }, [address, ...path.slice(depth)]);
  };
}

function dig(found: unknown, path: ReferencePath, depth = 0): unknown {
  const key = path[depth];
  if (key === undefined) return found;
  if (key === '*' && Array.isArray(found)) return found.map((member) => dig(member, path, depth + 1));
  if (typeof found === 'object' && found !== null && Object.hasOwn(found, key)) {
    return dig(Reflect.get(found, key), path, depth + 1);
  }
  throw new DeployError('REFERENCE', `"${path.slice(0, depth).join('.')}" has no "${key}".`);
}
