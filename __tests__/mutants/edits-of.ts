import { parseAst } from 'vitest/node';
import { dropAlternatives } from './drop-alternatives.ts';

/** A node of the syntax tree, as ESTree names it. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

type Span = Pick<Node, 'start' | 'end'>;

/** What was done, to which node, what stands there instead, and what is shown of it if that is not the node. */
type NodeEdit = readonly [what: string, node: Node, replacement: string, shown?: Span];

/** A small change of a source. */
export interface Edit {
  /** What was done, such as `removed: deadline.end();`. */
  readonly change: string;
  readonly line: number;
  /** Of the node that is replaced. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const OPPOSITES: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** Every small change of a TypeScript source, in the order of its lines. */
export function editsOf(source: string): Edit[] {
  const edits = new Map<string, Edit>();
  for (const each of nodesOf(parseAst(source, { lang: 'ts' }) as unknown as Node)) {
    for (const [what, { type, start, end }, replacement, shown = { start, end }] of nodeEdits(each, source)) {
      const before = source.slice(shown.start, shown.end).replaceAll(/\s+/g, ' ');
      const edited = source.slice(0, start) + replacement + source.slice(end);
      if (edits.has(edited)) continue;
      edits.set(edited, {
        change: `${what}: ${before.length > 90 ? `${before.slice(0, 90)}…` : before}`,
        line: source.slice(0, shown.start).split('\n').length,
        ...{ type, start, end, replacement },
      });
    }
  }
  return [...edits.values()].sort((a, b) => a.line - b.line);
}

function nodeEdits(node: Node, source: string): NodeEdit[] {
  const text = (child: Node) => source.slice(child.start, child.end);
  const edits: NodeEdit[] = [];
  switch (node.type) {
    case 'IfStatement':
      edits.push(['negated', node.test as Node, negation(node.test as Node, source)]);
      if (node.alternate === null && endsTheWay(node.consequent as Node)) edits.push(['removed', node, '']);
      break;
    case 'ConditionalExpression':
    case 'WhileStatement':
    case 'DoWhileStatement':
      edits.push(['negated', node.test as Node, negation(node.test as Node, source)]);
      break;
    case 'BinaryExpression':
      if (OPPOSITES[String(node.operator)] !== undefined) edits.push(['turned round', node, negation(node, source)]);
      break;
    case 'LogicalExpression':
      edits.push([`without ${node.operator} …`, node, text(node.left as Node)]);
      if (node.operator !== '??') edits.push([`without … ${node.operator}`, node, text(node.right as Node)]);
      break;
    case 'ExpressionStatement':
      if (isCall(node.expression as Node)) edits.push(['removed', node, ';']);
      break;
    case 'CatchClause':
      if (((node.body as Node).body as Node[]).length > 0) edits.push(['swallowed', node.body as Node, '{}']);
      break;
    case 'CallExpression': {
      const { property, object } = node.callee as { property?: { name?: string }; object?: Node };
      if (property?.name === 'catch' && object) edits.push(['not caught', node, text(object)]);
      if (property?.name === 'filter' && object) edits.push(['not filtered', node, text(object)]);
      break;
    }
    case 'ArrayExpression':
      for (const element of alternativesOf(node)) {
        const shown = withComma(element, source);
        edits.push(['dropped', node, source.slice(node.start, shown.start) + source.slice(shown.end, node.end), shown]);
      }
      break;
    case 'Literal':
      for (const without of dropAlternatives(node.regex as { pattern: string } | undefined)) {
        edits.push([`without ${without.alternative}`, node, text(node).replace(without.pattern, () => without.rest)]);
      }
      break;
  }
  return edits;
}

function negation(test: Node, source: string): string {
  const operator = String(test.operator);
  const opposite = test.type === 'BinaryExpression' ? OPPOSITES[operator] : undefined;
  if (opposite === undefined) return `!(${source.slice(test.start, test.end)})`;
  const { left, right } = test as unknown as { left: Node; right: Node };
  // Between the two stand the brackets around them, too.
  const between = source.slice(left.end, right.start).replace(operator, opposite);
  return source.slice(test.start, left.end) + between + source.slice(right.start, test.end);
}

/** Whether nothing after it runs: a guard. */
function endsTheWay(statement: Node): boolean {
  const last = statement.type === 'BlockStatement' ? (statement.body as Node[]).at(-1) : statement;
  return /^(Throw|Return|Continue|Break)Statement$/.test(last?.type ?? '');
}

/** What a list has several of; the places of a tuple are no alternatives. */
function alternativesOf({ elements }: Node): readonly Node[] {
  const items = elements as Node[];
  const isTuple = new Set(items.map(({ type }) => type)).size > 1;
  return items.length > 1 && !isTuple ? items : [];
}

function isCall(expression: Node): boolean {
  if (expression.type === 'AwaitExpression' || expression.type === 'UnaryExpression')
    return isCall(expression.argument as Node);
  const { type, callee } = expression as Node & { readonly callee?: Node };
  // Without `super()` nothing of a class works.
  return (type === 'CallExpression' && callee?.type !== 'Super') || type === 'ChainExpression';
}

function withComma({ start, end }: Node, source: string): Span {
  const comma = /^\s*,/.exec(source.slice(end))?.[0].length ?? 0;
  return { start, end: end + comma };
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of Object.values(node).flat()) {
    if (typeof child === 'object' && child !== null && 'type' in child) yield* nodesOf(child as Node);
  }
}
