import * as v from 'valibot';
import { isRegion } from '../partition.ts';
import { placeOf } from '../place.ts';
import { STATE_VERSION } from './snapshot.ts';

const text = v.pipe(v.string(), v.minLength(1));
const date = v.pipe(v.string(), v.isoTimestamp());
/** A map, as it is written: no key twice. */
const pairs = <Schema extends v.GenericSchema>(value: Schema) =>
  v.pipe(
    v.array(v.tuple([text, value])),
    v.check((list) => isWithoutRepeats(list.map(([key]) => key))),
  );
const tags = pairs(v.string());

const secret = v.strictObject({
  name: text,
  arn: text,
  createdDate: date,
  kmsKeyId: v.optional(text),
  lastAccessedDate: v.optional(date),
  lastRotatedDate: v.optional(date),
  lastChangedDate: date,
  deletionDate: v.optional(date),
  rotation: v.optional(v.strictObject({ lambdaArn: text, rules: v.optional(v.looseObject({})), enabled: v.boolean() })),
  unfinishedRun: v.optional(
    v.strictObject({ versionId: text, kind: v.picklist(['rotation', 'test']), hasCopy: v.boolean() }),
  ),
  primaryRegion: v.optional(v.pipe(text, v.check(isRegion))),
  replications: pairs(
    v.strictObject({
      kmsKeyId: v.optional(text),
      status: v.picklist(['InSync', 'Failed']),
      message: v.optional(v.string()),
    }),
  ),
  content: v.optional(
    v.strictObject({
      description: v.optional(v.string()),
      tags: v.optional(tags),
      resourcePolicy: v.optional(text),
      versions: pairs(
        v.strictObject({
          createdDate: date,
          kmsKeyId: text,
          value: v.optional(
            v.strictObject({ SecretString: v.optional(v.string()), SecretBinary: v.optional(v.string()) }),
          ),
          lastAccessedDate: v.optional(date),
        }),
      ),
      stages: pairs(text),
    }),
  ),
});

const arn = v.pipe(v.string(), v.startsWith('arn:'));
/** What tells of a rotation, or follows it. Files of before have none of it. */
const watchers = v.partial(
  v.object({
    alarms: v.array(
      v.strictObject({
        settings: v.looseObject({ AlarmName: text }),
        tags,
        memory: v.strictObject({
          state: v.picklist(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
          reason: v.string(),
          points: v.array(v.looseObject({ value: v.number(), atMs: v.number() })),
        }),
      }),
    ),
    topics: v.array(
      v.strictObject({
        name: text,
        arn,
        policy: v.optional(text),
        subscriptions: v.array(v.strictObject({ arn, protocol: text, endpoint: text })),
        tags,
      }),
    ),
    queues: v.array(
      v.strictObject({
        name: text,
        arn,
        policy: v.optional(text),
        settings: pairs(v.string()),
        tags,
        messages: v.array(v.strictObject({ id: text, body: v.string(), attributes: v.record(v.string(), v.string()) })),
      }),
    ),
    machines: v.array(v.strictObject({ name: text, arn, roleArn: arn, text, createdDate: date, tags })),
    rules: v.array(
      v.strictObject({
        name: text,
        arn,
        pattern: text,
        description: v.optional(v.string()),
        targets: v.array(v.looseObject({ Id: text, Arn: arn })),
        tags,
      }),
    ),
    apiDestinations: v.array(v.strictObject({ name: text, arn, settings: v.looseObject({}) })),
  }),
).entries;

const account = v.pipe(
  v.strictObject({
    id: v.pipe(v.string(), v.regex(/^\d{12}$/)),
    region: v.pipe(v.string(), v.check(isRegion)),
    secrets: v.pipe(
      v.array(secret),
      v.check((all) => isWithoutRepeats(all.map(({ name }) => name))),
    ),
    functions: v.array(
      v.strictObject({
        configuration: v.looseObject({ FunctionName: text, FunctionArn: text, CodeSha256: text, Role: text }),
        statements: v.array(v.looseObject({})),
        tags,
        reservedConcurrency: v.optional(v.number()),
        codeSigningConfigArn: v.optional(text),
      }),
    ),
    roles: v.array(
      v.strictObject({
        RoleName: text,
        Arn: text,
        Path: text,
        RoleId: text,
        CreateDate: date,
        Description: v.optional(v.string()),
        MaxSessionDuration: v.number(),
        permissionsBoundaryArn: v.optional(text),
        AssumeRolePolicyDocument: text,
        tags,
        inlinePolicies: pairs(text),
        attachedPolicyArns: v.array(text),
      }),
    ),
    managedPolicies: v.optional(
      v.array(
        v.strictObject({
          Arn: text,
          PolicyName: text,
          PolicyId: text,
          Path: text,
          Description: v.optional(v.string()),
          CreateDate: date,
          UpdateDate: date,
          tags,
          versions: pairs(v.strictObject({ document: text, CreateDate: date })),
          defaultVersionId: text,
          made: v.number(),
        }),
      ),
    ),
    keys: v.array(
      v.strictObject({
        KeyId: text,
        Arn: text,
        CreationDate: date,
        Description: v.string(),
        policy: text,
        rotationPeriodDays: v.optional(v.number()),
        deletionDate: v.optional(date),
        tags,
      }),
    ),
    aliases: pairs(text),
    logGroups: v.array(
      v.strictObject({
        logGroupName: text,
        arn: text,
        createdMs: v.number(),
        retentionInDays: v.optional(v.number()),
        kmsKeyId: v.optional(text),
        tags,
      }),
    ),
    schedules: v.array(v.strictObject({ name: text, settings: v.looseObject({ everySeconds: v.number() }) })),
    ...watchers,
  }),
  v.check(({ id, region, secrets }) =>
    secrets.every(({ arn, name }) => {
      const place = placeOf(arn);
      return place?.id === id && place.region === region && arn.includes(`:secret:${name}-`);
    }),
  ),
);

const state = v.pipe(
  v.strictObject({ version: v.literal(STATE_VERSION), accounts: v.array(account) }),
  v.check(({ accounts }) => isWithoutRepeats(accounts.map(({ id, region }) => `${id}/${region}`))),
  // What is without content is a replica, and its primary secret knows of it.
  v.check(({ accounts }) =>
    accounts.every(({ id, region, secrets }) =>
      secrets
        .filter(({ content }) => content === undefined)
        .every(({ name, primaryRegion }) =>
          accounts
            .find((each) => each.id === id && each.region === primaryRegion)
            ?.secrets.some(
              (each) => each.name === name && each.content && each.replications.some(([to]) => to === region),
            ),
        ),
    ),
  ),
);

/**
 * Where a state is not as it was written: the path of the first part that is missing, unknown or impossible. Never a value. Undefined if
 * all of it can be taken up.
 */
export function brokenPart(written: unknown): string | undefined {
  const { issues } = v.safeParse(state, written, { abortEarly: true });
  if (issues === undefined) return undefined;
  return v.getDotPath(issues[0]) ?? 'accounts';
}

function isWithoutRepeats(keys: readonly string[]): boolean {
  return new Set(keys).size === keys.length;
}
