import { isDeclaration } from '../docs/declarations.ts';
import { type Block, blocksOf, pages } from '../docs/pages.ts';

interface Pair {
  /** Such as `docs/oauth.md: token`. */
  readonly name: string;
  readonly hcl: Block;
  /** The same in TypeScript: the last declaration before it, if no other HCL stands between. */
  readonly twin: Block | undefined;
}

/** What is not planned, and why: docs.test.ts validates it. */
export const NOT_PLANNED: readonly (readonly [block: RegExp, reason: string])[] = [
  [/^import \{/m, 'an import reads an account, and here is none'],
  [/^moved \{/, 'what is moved is in a state: moving.test.ts has one'],
];

/** What continues the HCL above it: its TypeScript stands alone. */
const CONTINUES: readonly (readonly [page: string, text: string])[] = [
  ['docs/harden.md', 'module.db.read_policy_json'],
];

const blocks = pages.flatMap((page) => blocksOf(page, 'hcl'));

/** All blocks of HCL that can be planned, with their twins. */
export const pairs: readonly Pair[] = blocks
  .filter(({ code }) => !NOT_PLANNED.some(([block]) => block.test(code)))
  .map((hcl) => {
    const { page, line, code } = hcl;
    const before = blocks.findLast((each) => each.page === page && each.line < line)?.line ?? 0;
    const twin = blocksOf(page, 'ts').findLast((each) => each.line > before && each.line < line);
    const isAlone = CONTINUES.some(([of, text]) => of === page && code.includes(text));
    const [, name] =
      [...code.matchAll(/^module "([\w-]+)" \{/gm)].at(-1) ?? /^resource "\w+" "(\w+)"/m.exec(code) ?? [];
    return { name: `${page}: ${name}`, hcl, twin: twin && !isAlone && isDeclaration(twin.code) ? twin : undefined };
  });

/** A block with those of its page that it names something of. */
export function whole({ page, code }: Block): string {
  const declares = (text: string, kind: string, name: string) =>
    new RegExp(`^${kind === 'var' ? 'variable' : 'module'} "${name}" \\{`, 'm').test(text);
  const others = [...code.matchAll(/\b(module|var)\.(\w+)/g)].flatMap(([, kind = '', name = '']) => {
    if (declares(code, kind, name)) return [];
    return blocksOf(page, 'hcl').filter((each) => declares(each.code, kind, name));
  });
  return [...new Set(others.map((each) => each.code)), code].join('\n');
}
