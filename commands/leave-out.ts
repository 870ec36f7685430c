import { resourceTypes } from '../local/deploy/resource-types.ts';

type Json = Readonly<Record<string, unknown>>;

export interface LocalPart {
  /** The stack without what the local AWS does not have. */
  readonly json: unknown;
  /** The addresses of what was left out, such as `aws_s3_bucket.logs`. */
  readonly leftOut: readonly string[];
}

interface Block {
  readonly attributes: readonly string[];
  /** Addresses of other blocks, and of what only Terraform knows: `local.x`, `module.y`. */
  readonly refersTo: readonly string[];
}

const SECTIONS = ['terraform', 'provider', 'variable', '//'];
/** What the local deploy reads of a block besides its type's own attributes. */
const OF_EVERY_BLOCK = ['depends_on', 'lifecycle', 'provider', 'region', '//'];

/**
 * The part of a stack that the local AWS has: an existing stack has buckets and clusters besides its secrets. What a rotation
 * refers to stays in any case, so that the deploy says by name what it cannot do.
 */
export function leaveOut(json: unknown): LocalPart {
  const stack = Object(json) as Json;
  const blocks = blocksOf(stack);
  const kept = new Set([...blocks.keys()].filter((address) => isSupported(address, blocks, [])));
  for (const address of blocks.keys()) {
    if (address.startsWith('aws_secretsmanager_secret_rotation.')) keep(address, blocks, kept);
  }
  const without = (section: unknown, prefix: string) =>
    mapped(section, (named, type) => filtered(named, (_, name) => kept.has(`${prefix}${type}.${name}`)));
  const resource = without(stack.resource, '');
  const data = without(stack.data, 'data.');
  const used = JSON.stringify([resource, data]);
  return {
    json: {
      ...filtered(stack, (_, section) => SECTIONS.includes(section)),
      resource,
      data,
      variable: filtered(stack.variable, (_, name) => used.includes(`var.${name}`)),
      output: filtered(stack.output, (body) => referencesIn(body, blocks).every((address) => kept.has(address))),
    },
    leftOut: [...blocks.keys()].filter((address) => !kept.has(address)),
  };
}

function blocksOf(stack: Json): Map<string, Block> {
  const bodies = (['resource', 'data'] as const).flatMap((section) =>
    Object.entries(Object(stack[section]) as Json).flatMap(([type, named]) =>
      Object.entries(Object(named) as Json).map(
        ([name, body]) => [`${section === 'data' ? 'data.' : ''}${type}.${name}`, body] as const,
      ),
    ),
  );
  const known = new Map(bodies);
  return new Map(
    bodies.map(([address, body]) => [
      address,
      { attributes: Object.keys(Object(body)), refersTo: referencesIn(body, known) },
    ]),
  );
}

/** Addresses in a block's text. Too many rather than too few: a text that looks like an address counts as one. */
function referencesIn(body: unknown, blocks: ReadonlyMap<string, unknown>): string[] {
  const text = JSON.stringify(body) ?? '';
  const words = text.match(/\b(?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*/g) ?? [];
  const onlyTerraform = text.match(/\$\{[^}]*\b(?:local|module|each|count|self)\.\w+/g) ?? [];
  return [...new Set([...words.filter((word) => blocks.has(word)), ...onlyTerraform])];
}

function isSupported(address: string, blocks: ReadonlyMap<string, Block>, waiting: readonly string[]): boolean {
  const block = blocks.get(address);
  const type = resourceTypes.get(address.split('.').slice(0, -1).join('.'));
  if (block === undefined || type === undefined) return false;
  if (waiting.includes(address)) return true;
  const isKnown = (name: string) => type.attributes.includes(name) || OF_EVERY_BLOCK.includes(name);
  return (
    block.attributes.every(isKnown) && block.refersTo.every((each) => isSupported(each, blocks, [...waiting, address]))
  );
}

function keep(address: string, blocks: ReadonlyMap<string, Block>, kept: Set<string>, seen = new Set<string>()): void {
  if (seen.has(address)) return;
  seen.add(address);
  kept.add(address);
  for (const each of blocks.get(address)?.refersTo ?? []) keep(each, blocks, kept, seen);
}

function mapped(record: unknown, change: (value: unknown, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(Object(record) as Json).map(([key, value]) => [key, change(value, key)]));
}

function filtered(record: unknown, keeps: (value: unknown, key: string) => boolean): Json {
  return Object.fromEntries(Object.entries(Object(record) as Json).filter(([key, value]) => keeps(value, key)));
}
