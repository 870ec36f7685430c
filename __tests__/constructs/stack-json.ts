type Block = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** A stack as Terraform reads it. */
export interface StackJson {
  readonly terraform: Block;
  readonly variable?: Readonly<Record<string, Block>>;
  readonly output?: Readonly<Record<string, Block>>;
  readonly resource: Blocks;
  readonly data: Blocks;
}

/** Reads a `cdk.tf.json`, without what cdktf notes for itself. */
export function readStackJson(text: string): StackJson {
  return JSON.parse(text, (key, value: unknown) => (key === '//' ? undefined : value));
}

/** The blocks of one type, resources or data, whose name has `part` in it. */
export function blocksOf({ resource, data }: StackJson, type: string, part = ''): Block[] {
  const blocks = Object.entries(resource[type] ?? data[type] ?? {});
  return blocks.filter(([name]) => name.includes(part)).map(([, block]) => block);
}

/** The only block of its type, or the only one whose name has `part` in it. */
export function blockOf(stack: StackJson, type: string, part = ''): Block {
  const [block, ...others] = blocksOf(stack, type, part);
  if (block === undefined || others.length > 0)
    throw new Error(`Found ${others.length + (block ? 1 : 0)} ${type} ${part}.`);
  return block;
}
