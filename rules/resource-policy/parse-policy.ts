import { type Condition, knownSid, type PolicyStatement, type Principal, statementName } from './policy-statement.ts';

/** A text that is no policy. The message says what it is, such as `no JSON`. */
export class PolicyRefused extends Error {
  override readonly name = 'PolicyRefused';
}

const ELEMENTS = ['Version', 'Id', 'Statement'];
const VERSIONS: readonly unknown[] = [undefined, '2012-10-17', '2008-10-17'];
const ONE_OF = [
  ['Principal', 'NotPrincipal'],
  ['Action', 'NotAction'],
  ['Resource', 'NotResource'],
];
const STATEMENT_ELEMENTS = ['Sid', 'Effect', 'Condition', ...ONE_OF.flat()];

/**
 * The statements of a resource policy.
 * @param json a policy
 * @throws PolicyRefused
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(json: string): readonly PolicyStatement[] {
  const { Version, Statement } = elementsOf('JSON', parsed(json), ELEMENTS);
  if (!VERSIONS.includes(Version)) {
    throw new PolicyRefused(
      `JSON with the version ${JSON.stringify(Version)}, which is neither 2012-10-17 nor 2008-10-17`,
    );
  }
  const statements = [Statement ?? []].flat();
  if (statements.length === 0) throw new PolicyRefused('JSON without a Statement');
  return statements.map(parseStatement);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new PolicyRefused('no JSON');
  }
}

function parseStatement(given: unknown, index: number): PolicyStatement {
  const name = statementName(Object(given).Sid, index);
  const statement = elementsOf(`JSON whose statement ${name}`, given, STATEMENT_ELEMENTS);
  const { Sid, Effect, Condition } = statement;
  const both = ONE_OF.find((pair) => pair.every((element) => statement[element] !== undefined));
  if (both !== undefined) throw new PolicyRefused(`JSON with both ${both.join(' and ')} in the statement ${name}`);
  for (const [element, text] of Object.entries({ Sid, Effect })) {
    if (text !== undefined && typeof text !== 'string')
      throw new PolicyRefused(`JSON with a value for ${element} that is not a string in the statement ${name}`);
  }
  const texts = (element: string) =>
    statement[element] === undefined ? undefined : textsOf(element, statement[element], name);
  return {
    sid: knownSid(Sid),
    name,
    effect: String(Effect),
    principals: principalsOf(statement.Principal, name),
    notPrincipals: principalsOf(statement.NotPrincipal, name),
    actions: texts('Action'),
    notActions: texts('NotAction'),
    resources: texts('Resource'),
    notResources: texts('NotResource'),
    conditions: conditionsOf(Condition, name),
  };
}

function elementsOf(what: string, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isObject(value))
    throw new PolicyRefused(what === 'JSON' ? 'JSON that is not an object' : `${what} is not an object`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return value;
  const has = what === 'JSON' ? 'with' : 'has';
  throw new PolicyRefused(
    `${what} ${has} the element "${unknown}", which IAM does not know. IAM knows ${known.join(', ')}`,
  );
}

function principalsOf(principal: unknown, name: string): Principal[] | undefined {
  if (principal === undefined) return undefined;
  if (typeof principal === 'string' && principal.includes('${')) return [{ type: principal, id: principal }];
  if (principal === '*') return [{ type: '*', id: '*' }];
  if (!isObject(principal)) {
    throw new PolicyRefused(
      `JSON with the principal ${JSON.stringify(principal)}, which is neither "*" nor an object such as { "AWS": … }`,
    );
  }
  return Object.entries(principal).flatMap(([type, ids]) => {
    if (type === '*')
      throw new PolicyRefused('JSON with a principal of the type "*". Write everybody as "Principal": "*"');
    return textsOf('Principal', ids, name).map((id) => ({ type, id }));
  });
}

function conditionsOf(condition: unknown, name: string): Condition[] {
  const what = `JSON whose Condition in the statement ${name}`;
  if (condition === undefined) return [];
  return entriesOf(what, condition).flatMap(([test, keys]) =>
    entriesOf(what, keys).map(([variable, values]) => ({
      test,
      variable,
      values: [values].flat().map((value) => {
        if (!['string', 'number', 'boolean'].includes(typeof value))
          throw new PolicyRefused(`${what} has a value that is not a string`);
        return String(value);
      }),
    })),
  );
}

function entriesOf(what: string, value: unknown): [string, unknown][] {
  if (!isObject(value))
    throw new PolicyRefused(`${what} is not an object such as { "StringEquals": { "aws:PrincipalAccount": … } }`);
  return Object.entries(value);
}

function textsOf(element: string, value: unknown, name: string): readonly string[] {
  const list: readonly unknown[] = [value].flat();
  const texts = list.filter((each) => typeof each === 'string');
  if (list.length > 0 && texts.length === list.length) return texts;
  throw new PolicyRefused(`JSON with ${element} that is neither a text nor a list of texts in the statement ${name}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
