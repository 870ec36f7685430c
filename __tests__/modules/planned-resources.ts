import { existingArn, HAND_MADE } from './property-sets.ts';

/** A resource that a plan makes. */
export interface Planned {
  /** Which set of properties it belongs to. */
  readonly set: string;
  /** Its type, and which of several. */
  readonly kind: string;
  /** Its arguments, policies as they are. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What has to be there before it, by type and name. */
  readonly before: readonly string[];
}

const ACCOUNT = '111122223333';
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;

/** What an account would tell of a resource once it is made: by it, a plan knows every policy. */
const TOLD: Readonly<Record<string, (set: string, name: string) => Readonly<Record<string, unknown>>>> = {
  aws_secretsmanager_secret: (set) => ({
    arn: arn('secretsmanager', `secret:${set}/secret-AbCdEf`),
    id: arn('secretsmanager', `secret:${set}/secret-AbCdEf`),
  }),
  aws_cloudwatch_log_group: (set) => ({ arn: arn('logs', `log-group:/aws/lambda/${set}`) }),
  aws_iam_role: (set, name) => ({ arn: `arn:aws:iam::${ACCOUNT}:role/${set}-${name}`, name: `${set}-${name}` }),
  aws_lambda_function: (set) => ({ arn: arn('lambda', `function:rotate-${set}`) }),
  aws_security_group: (set) => ({ id: `sg-${set}` }),
  aws_sns_topic: (set) => ({ arn: arn('sns', set) }),
  aws_cloudwatch_event_rule: (set) => ({ arn: arn('events', `rule/${set}`), id: set, name: set }),
  aws_cloudwatch_event_api_destination: (set) => ({ arn: arn('events', `api-destination/${set}`) }),
  aws_sqs_queue: (set) => ({ arn: arn('sqs', set), id: `https://sqs/${set}`, url: `https://sqs/${set}` }),
  aws_sfn_state_machine: (set) => ({ arn: arn('states', `stateMachine:${set}`) }),
};
const EXISTING = 'aws_secretsmanager_secret_rotation';
const TOLD_BY_DATA: typeof TOLD = {
  aws_caller_identity: () => ({ account_id: ACCOUNT }),
  aws_secretsmanager_secrets: () => ({ names: [] }),
  [EXISTING]: (set) => ({ id: existingArn(set), rotation_lambda_arn: HAND_MADE }),
  aws_subnet: () => ({ vpc_id: 'vpc-0123456789abcdef0' }),
  aws_vpc: () => ({ cidr_block: '10.0.0.0/16' }),
};

/** All resources, of what `terraform graph` prints. */
export const nodesOf = (graph: string): string[] =>
  [...graph.matchAll(/^ +"([^"]+)" \[label=/gm)].map(([, node = '']) => node);

/** What an account would tell, where it matters. */
export interface Known {
  /** The secrets of each set that something follows, by the keys of the module. */
  readonly followed?: ReadonlyMap<string, readonly string[]>;
  /** The secret that each set finds in the account. @default one for each set */
  readonly existing?: { readonly id: string; readonly rotation_lambda_arn: string };
}

/**
 * The test that plans with all that an account would tell.
 * @param nodes the addresses of all resources, without the keys of modules
 */
export function overridesFor(nodes: readonly string[], { followed = new Map(), existing }: Known = {}): string {
  // The modules that a set may be without are called so many times.
  const addresses = nodes.flatMap((node) => {
    if (!node.includes('.module.followers.')) return node.replace('.module.refresh.', '.module.refresh[0].');
    return (followed.get(setOf(node)) ?? []).map((key) =>
      node.replace('.module.followers.', `.module.followers["${key}"].`),
    );
  });
  const overrides = addresses.flatMap((address) => {
    const data = /(?:^|\.)data\.(\w+)\.[\w-]+$/.exec(address)?.[1];
    const resource = /(?:^|\.)(aws_\w+)\.[\w-]+$/.exec(address)?.[1];
    const told = data === undefined ? TOLD[resource ?? ''] : TOLD_BY_DATA[data];
    if (told === undefined) return [];
    const kind = data === undefined ? 'resource' : 'data';
    const isExisting = existing !== undefined && data === EXISTING;
    const values = isExisting ? existing : told(setOf(address), partOf(address) || 'function');
    const fields = Object.entries(values).map(([name, value]) => `    ${name} = ${JSON.stringify(value)}`);
    return [
      `override_${kind} {\n  target          = ${address}\n  override_during = plan\n  values = {\n${fields.join('\n')}\n  }\n}\n`,
    ];
  });
  return `${overrides.join('\n')}\nrun "plan" {\n  command = plan\n}\n`;
}

export interface Plan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly index?: string | number;
    readonly change: { readonly after: Readonly<Record<string, unknown>> };
  }[];
}

/**
 * What a plan makes, each with what stands before it if the graph is given. A policy stands in its role policy where the plan knows it, and in a document of its own where the document is
 * read once what it refers to is made: here, it stands in the role policy in both cases.
 */
export function plannedResources(plan: Plan, graph = ''): Planned[] {
  const after = dependencies(graph);
  // What a module says of readers is no resource of its own.
  const made = plan.resource_changes.filter(({ address }) => !address.endsWith('.read'));
  const all = made.map(({ address, mode, change }) => ({
    set: setOf(address),
    kind: kindOf(withoutIndex(address)),
    isData: mode !== 'managed',
    values: comparable(change.after) as Planned['values'],
    before: [...after(withoutIndex(address))]
      .filter((each) => !/(^|\.)data\./.test(each))
      .map(kindOf)
      .filter(isOnce)
      .sort(),
  }));
  const documentOf = (set: string, kind: string) =>
    all.find((each) => each.set === set && each.isData && each.kind === kind.replace('role_policy', 'policy_document'));
  return all
    .filter(({ isData }) => !isData)
    .map(({ isData: _, ...planned }) => {
      if (!planned.kind.startsWith('aws_iam_role_policy')) return planned;
      const policy = planned.values.policy ?? documentOf(planned.set, planned.kind)?.values;
      const values = comparable({ ...planned.values, policy: statementsOf(policy as Policy) });
      return { ...planned, values: values as Planned['values'] };
    });
}

/** A policy as its JSON has it, or as the document's blocks have it. */
interface Policy {
  readonly Statement?: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
  readonly statement?: readonly {
    readonly sid: string;
    readonly effect: string | null;
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    readonly condition: readonly {
      readonly test: string;
      readonly variable: string;
      readonly values: readonly string[];
    }[];
  }[];
}

/** Statement by statement, with each list in order. */
function statementsOf({ Statement = [], statement }: Policy): unknown[] {
  const list = (value: unknown) => [value].flat().map(String).sort();
  const fromBlocks = statement?.map(({ sid, effect, actions, resources, condition }) => ({
    sid,
    effect: effect ?? 'Allow',
    actions: list(actions),
    resources: list(resources),
    conditions: condition.map(({ test, variable, values }) => `${test} ${variable} ${list(values)}`).sort(),
  }));
  const fromJson = [Statement].flat().map(({ Sid, Effect, Action, Resource, Condition = {} }) => ({
    sid: Sid ?? null,
    effect: Effect,
    actions: list(Action),
    resources: list(Resource),
    conditions: Object.entries(Condition as Record<string, Record<string, unknown>>)
      .flatMap(([test, each]) =>
        Object.entries(each).map(([variable, values]) => `${test} ${variable} ${list(values)}`),
      )
      .sort(),
  }));
  return fromBlocks ?? fromJson;
}

const withoutIndex = (address: string) => address.replaceAll(/\[[^\]]*\]/g, '');

const isOnce = (kind: string, index: number, all: readonly string[]) => kind !== '' && all.indexOf(kind) === index;

/** Such as `set7`, of `module.set7.aws_iam_role.role` and of `aws_iam_role.set7_rotation_function_role_4F3A`. */
function setOf(address: string): string {
  return /\bset\d+/.exec(address.replaceAll('_', ' '))?.[0] ?? '';
}

/** What a resource is for: its type, and which of several. */
function kindOf(address: string): string {
  const type = /(?:^|\.)(aws_\w+)\.[\w-]+$/.exec(address)?.[1] ?? '';
  const part = /^aws_(iam|cloudwatch_event)_/.test(type) ? partOf(address) : '';
  return part === '' ? type : `${type} of the ${part}`;
}

/** Of several roles or rules of a set, the one that an address is about; empty for the function that rotates. */
function partOf(address: string): string {
  const parts = ['refresh', 'network', 'restart', 'followers', 'scheduler', 'overdue'];
  return parts.find((part) => address.includes(part)) ?? '';
}

/** What Terraform makes up for an attribute of an overridden resource that nothing tells. */
const MADE_UP = /^[a-z0-9]{8}$/;

/** The constructs see all secrets of an app, and add the hash where two names need it. A module sees its own alone. */
const HASH_OF_A_NAME = /\b(rotate-[a-z\d-]+?)-(?:[\da-f]{7,8}\b|[\da-f]{3}(?=-refresh))/g;
/** So it is with the alarms on a function: another module may have some, too. */
const NAME_OF_ALARMS = /\b(?:watch-set\d+|[a-z-]+)-(?=rotate-)/g;

/** A value with its documents, such as policies, read, and the fields of each in order. */
function comparable(value: unknown): unknown {
  const document = typeof value === 'string' ? parsed(value) : undefined;
  if (document !== undefined) return comparable(document);
  // What is a list here is a set to the provider, or has one element.
  if (Array.isArray(value)) return value.map(comparable).sort(byText);
  if (typeof value === 'string') return value.replaceAll(HASH_OF_A_NAME, '$1').replaceAll(NAME_OF_ALARMS, '');
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => !(typeof field === 'string' && MADE_UP.test(field)));
  return Object.fromEntries(
    fields.sort(([a], [b]) => a.localeCompare(b)).map(([name, field]) => [name, comparable(field)]),
  );
}

const byText = (one: unknown, other: unknown) => JSON.stringify(one).localeCompare(JSON.stringify(other));

function parsed(text: string): object | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
}

/** All that stands before a resource, directly or not. */
function dependencies(graph: string): (address: string) => ReadonlySet<string> {
  const direct = new Map<string, string[]>();
  for (const [, from = '', to = ''] of graph.matchAll(/"([^"]+)" -> "([^"]+)"/g)) {
    direct.set(from, [...(direct.get(from) ?? []), to]);
  }
  return (address) => {
    const found = new Set<string>();
    const visit = (each: string) => {
      for (const next of direct.get(each) ?? []) {
        if (found.has(next)) continue;
        found.add(next);
        visit(next);
      }
    };
    visit(address);
    return found;
  };
}
