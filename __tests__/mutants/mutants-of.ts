import { parseAst } from 'vitest/node';
import { dropAlternatives } from './drop-alternatives.ts';

/** One small change of a source. */
export interface Mutant {
  /** What was done, such as `removed: deadline.end();`. */
  readonly change: string;
  readonly line: number;
  readonly source: string;
}

/** A node of the syntax tree, as ESTree names it. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

type Edit = readonly [what: string, node: Pick<Node, 'start' | 'end'>, replacement: string];

const OPPOSITES: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** Every mutant of a TypeScript source, in the order of its lines. */
export function mutantsOf(source: string): Mutant[] {
  const mutants = new Map<string, Mutant>();
  for (const node of nodesOf(parseAst(source, { lang: 'ts' }) as unknown as Node)) {
    for (const [what, { start, end }, replacement] of editsOf(node, source)) {
      const before = source.slice(start, end).replaceAll(/\s+/g, ' ');
      const mutated = source.slice(0, start) + replacement + source.slice(end);
      if (mutants.has(mutated)) continue;
      mutants.set(mutated, {
        change: `${what}: ${before.length > 90 ? `${before.slice(0, 90)}…` : before}`,
        line: source.slice(0, start).split('\n').length,
        source: mutated,
      });
    }
  }
  return [...mutants.values()].sort((a, b) => a.line - b.line);
}

function editsOf(node: Node, source: string): Edit[] {
  const text = (child: Node) => source.slice(child.start, child.end);
  const edits: Edit[] = [];
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
      edits.push(['swallowed', node.body as Node, '{}']);
      break;
    case 'CallExpression': {
      const { property, object } = node.callee as { property?: { name?: string }; object?: Node };
      if (property?.name === 'catch' && object) edits.push(['not caught', node, text(object)]);
      if (property?.name === 'filter' && object) edits.push(['not filtered', node, text(object)]);
      break;
    }
    case 'ArrayExpression':
      for (const element of alternativesOf(node)) edits.push(['dropped', withComma(element, source), '']);
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
  return `${source.slice(test.start, left.end)} ${opposite} ${source.slice(right.start, test.end)}`;
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
  return expression.type === 'CallExpression' || expression.type === 'ChainExpression';
}

function withComma({ start, end }: Node, source: string): { start: number; end: number } {
  const comma = /^\s*,/.exec(source.slice(end))?.[0].length ?? 0;
  return { start, end: end + comma };
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of Object.values(node).flat()) {
    if (typeof child === 'object' && child !== null && 'type' in child) yield* nodesOf(child as Node);
  }
}
