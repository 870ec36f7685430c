import * as v from 'valibot';
import { DeployError, placed } from './deploy-error.ts';
import type { Expression } from './expression/expression.ts';
import { parseValue } from './expression/parse-value.ts';

/** A resource or data source as the stack declares it. */
export interface Block {
  /** Such as `aws_iam_role.turn`, or `data.aws_region.here`. */
  readonly address: string;
  /** Such as `aws_iam_role`, or `data.aws_region`. */
  readonly type: string;
  readonly attributes: Readonly<Record<string, Expression>>;
  /** The provider that it names, such as `aws.ireland`. @default the one of its type without an alias */
  readonly provider?: string | undefined;
  readonly dependsOn: readonly string[];
  /** What must hold before it is created. */
  readonly preconditions: readonly Precondition[];
}

interface Precondition {
  readonly condition: Expression;
  readonly errorMessage: Expression;
}

interface Variable {
  readonly hasDefault: boolean;
  readonly default: unknown;
}

interface Output {
  readonly value: Expression;
  readonly sensitive: boolean;
}

/** One provider of the AWS type: where its resources are. */
export interface ProviderBlock {
  /** Such as `aws`, or `aws.ireland`. */
  readonly name: string;
  readonly region?: Expression | undefined;
  /** The ARNs of the roles that it assumes, one after the other. */
  readonly roleArns: readonly Expression[];
}

export interface Stack {
  readonly blocks: readonly Block[];
  readonly providers: readonly ProviderBlock[];
  readonly variables: Readonly<Record<string, Variable>>;
  readonly outputs: Readonly<Record<string, Output>>;
}

const Named = v.record(v.string(), v.record(v.string(), v.unknown()));
const ByType = v.record(v.string(), Named);
const Lifecycle = v.strictObject({
  // Nothing is replaced here.
  create_before_destroy: v.optional(v.boolean()),
  replace_triggered_by: v.optional(v.array(v.string())),
  ignore_changes: v.optional(v.union([v.literal('all'), v.array(v.string())])),
  precondition: v.optional(v.array(v.strictObject({ condition: v.unknown(), error_message: v.unknown() })), []),
});
const Listed = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(
    v.unknown(),
    v.transform((value) => [value].flat()),
    v.array(item),
  );
const AwsProvider = v.object({
  alias: v.optional(v.string()),
  region: v.optional(v.unknown()),
  assume_role: v.optional(Listed(v.object({ role_arn: v.optional(v.unknown()) })), []),
});
const File = v.object({
  provider: v.optional(v.object({ aws: v.optional(Listed(AwsProvider), []) }), {}),
  resource: v.optional(ByType, {}),
  data: v.optional(ByType, {}),
  variable: v.optional(Named, {}),
  output: v.optional(Named, {}),
});

/** What a stack may contain. Terraform's own configuration and comments are ignored. */
const SECTIONS = new Set(['resource', 'data', 'variable', 'output', 'terraform', 'provider', '//']);
const OF_VARIABLE = new Set(['type', 'default', 'description', 'sensitive', 'ephemeral', 'nullable', '//']);
const OF_OUTPUT = new Set(['value', 'description', 'sensitive', '//']);

/**
 * Reads a parsed `cdk.tf.json`.
 *
 * @throws STACK it is not Terraform JSON.
 * @throws UNSUPPORTED it contains something that the local deploy does not know.
 */
export function readStack(stack: unknown): Stack {
  const { success, output: file } = v.safeParse(File, stack);
  if (!success)
    throw new DeployError(
      'STACK',
      'The stack is not Terraform JSON. Expected the content of a cdk.tf.json, as cdktf writes it.',
    );
  refuseOthers('The stack', Object(stack), SECTIONS);
  return {
    blocks: [...blocks(file.resource, ''), ...blocks(file.data, 'data.')],
    providers: file.provider.aws.map(provider),
    variables: mapEntries(file.variable, (body, name) => {
      refuseOthers(`var.${name}`, body, OF_VARIABLE);
      return { hasDefault: 'default' in body, default: body.default };
    }),
    outputs: mapEntries(file.output, (body, name) => {
      refuseOthers(`output.${name}`, body, OF_OUTPUT);
      const value = placed(`output.${name}`, () => parseValue(body.value));
      return { value, sensitive: body.sensitive === true };
    }),
  };
}

function provider({ alias, region, assume_role }: v.InferOutput<typeof AwsProvider>): ProviderBlock {
  const name = alias === undefined ? 'aws' : `aws.${alias}`;
  const [parsedRegion, ...roleArns] = placed(`provider.${name}`, () =>
    [region, ...assume_role.map(({ role_arn }) => role_arn)].map((value) =>
      value === undefined || value === null ? undefined : parseValue(value),
    ),
  );
  return { name, region: parsedRegion, roleArns: roleArns.filter((arn) => arn !== undefined) };
}

function blocks(section: v.InferOutput<typeof ByType>, prefix: string): Block[] {
  return Object.entries(section).flatMap(([type, named]) =>
    Object.entries(named).map(([name, body]) => block(`${prefix}${type}`, name, body)),
  );
}

function block(type: string, name: string, body: Record<string, unknown>): Block {
  const address = `${type}.${name}`;
  const { depends_on: dependsOn = [], lifecycle = {}, provider, '//': _comment, ...attributes } = body;
  if (!v.is(v.array(v.string()), dependsOn))
    throw new DeployError('STACK', `${address}.depends_on: expected addresses.`);
  if (provider !== undefined && typeof provider !== 'string') {
    throw new DeployError('STACK', `${address}.provider: expected a provider such as "aws.ireland".`);
  }
  const { success, output } = v.safeParse(Lifecycle, lifecycle);
  if (!success) {
    throw new DeployError(
      'UNSUPPORTED',
      `${address}.lifecycle: only ignore_changes, create_before_destroy, replace_triggered_by and precondition are supported by the local deploy.`,
    );
  }
  const preconditions = output.precondition.map(({ condition, error_message }) =>
    placed(`${address}.precondition`, () => ({
      condition: parseValue(condition),
      errorMessage: parseValue(error_message),
    })),
  );
  const parsed = mapEntries(attributes, (value, attribute) =>
    placed(`${address}.${attribute}`, () => parseValue(value)),
  );
  return { address, type, attributes: parsed, provider, dependsOn, preconditions };
}

function refuseOthers(place: string, body: Record<string, unknown>, known: ReadonlySet<string>): void {
  const other = Object.keys(body).find((key) => !known.has(key));
  if (other) throw new DeployError('UNSUPPORTED', `${place}: "${other}" is not supported by the local deploy.`);
}

function mapEntries<In, Out>(record: Record<string, In>, change: (value: In, key: string) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
