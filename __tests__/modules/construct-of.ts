import type { TerraformStack } from 'cdktf';
import {
  fromSecret,
  OnRotated,
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  RotationAlarms,
  type RotationAlarmsProps,
  RotationFunction,
  type RotationFunctionOptions,
  Schedule,
  workloadIdentity,
} from '../../constructs/index.ts';
import { type AlarmSet, existingArn, type FollowerSet, HAND_MADE, type PropertySet } from './property-sets.ts';

type Options<Method extends (options: never) => unknown> = Parameters<Method>[0];
interface Reference {
  readonly secretArn: string;
  readonly kmsKeyArn?: string;
}

/** Declares a set by the constructs. */
export function declareConstruct(stack: TerraformStack, id: string, set: PropertySet): void {
  const { target, secret, isFleet, network } = set;
  const rotation = rotationOf(target, set.rotation);
  const schedule = scheduleOf(set);
  const functionOptions: RotationFunctionOptions = {
    ...set.functionOptions,
    ...(network && { network: withDefaultPorts(target, network) }),
  };
  const initial = set.rotation.format === 'text' ? {} : { initial: { username: 'app' } };
  const onRotated = set.onRotated.map(followerOf);
  if (set.isExisting) {
    const secretArn = existingArn(id);
    RotatedSecret.existing(stack, id, {
      secretArn,
      takeOverFrom: HAND_MADE,
      ...secret,
      rotation,
      schedule,
      functionOptions,
      onRotated,
    });
    return;
  }
  if (!isFleet) {
    const how = { rotation, schedule, functionOptions, onRotated };
    new RotatedSecret(stack, id, { name: `${id}/secret`, ...initial, ...secret, ...how });
    return;
  }
  const { kmsKeyArn, tags, replicas } = secret as Pick<RotatedSecretProps, 'kmsKeyArn' | 'tags' | 'replicas'>;
  const shared = new RotationFunction(stack, `${id}-function`, {
    ...functionOptions,
    functionName: `rotate-${id}`,
    rotation,
    secretNamePrefix: `${id}/`,
    ...(kmsKeyArn && { kmsKeyArns: [kmsKeyArn] }),
    ...(tags && { tags }),
    ...(replicas && { replicas }),
  });
  for (const name of ['one', 'two']) {
    const { description: _, ...rest } = secret;
    new RotatedSecret(stack, `${id}-${name}`, {
      name: `${id}/${name}`,
      ...initial,
      ...rest,
      rotation: shared,
      schedule,
      onRotated,
    });
  }
}

function followerOf(set: FollowerSet): OnRotated {
  const [[kind = '', options] = []] = Object.entries(set);
  return Reflect.get(OnRotated, kind)(options);
}

/** Declares alarms, and what they watch, by the constructs. */
export function declareAlarms(stack: TerraformStack, id: string, { watches, ...options }: AlarmSet): void {
  const schedule = Schedule.rate({ days: 30 });
  const shared = () =>
    new RotationFunction(stack, `${id}-function`, {
      functionName: `rotate-${id}`,
      rotation: Rotation.password(),
      secretNamePrefix: `${id}/`,
    });
  const rotation = watches === 'fleet' ? shared() : Rotation.password();
  const names = { secret: ['secret'], fleet: ['one', 'two'], prefix: [] }[watches];
  const secrets = names.map(
    (name) => new RotatedSecret(stack, `${id}-${name}`, { name: `${id}/${name}`, rotation, schedule }),
  );
  const watched = watches === 'prefix' ? {} : { secrets };
  new RotationAlarms(stack, `${id}-alarms`, { name: `watch-${id}`, ...watched, ...options } as RotationAlarmsProps);
}

/** `functionOptions.network` knows no target. */
function withDefaultPorts(target: string, network: object) {
  const ports = { postgres: [5432], mysql: [3306] } as Readonly<Record<string, number[]>>;
  return {
    ...(ports[target] !== undefined && { targetPorts: ports[target] }),
    ...network,
  } as RotationFunctionOptions['network'] & object;
}

function scheduleOf({ schedule: { days, hours, cron, windowHours } }: PropertySet): Schedule {
  const options = windowHours === undefined ? {} : { windowHours };
  if (cron !== undefined) return Schedule.cron(cron, options);
  return days === undefined ? Schedule.rate({ hours: hours ?? 0 }, options) : Schedule.rate({ days }, options);
}

function rotationOf(target: PropertySet['target'], options: PropertySet['rotation']): Rotation {
  const from = (reference: unknown) => {
    const { secretArn, ...others } = reference as Reference;
    return fromSecret(secretArn, others);
  };
  const given = (name: string) => options[name] !== undefined && { [name]: from(options[name]) };
  if (target === 'password') return Rotation.password(options as Options<typeof Rotation.password>);
  if (target === 'postgres') return Rotation.postgres(options as unknown as Options<typeof Rotation.postgres>);
  if (target === 'mysql') return Rotation.mysql(options as unknown as Options<typeof Rotation.mysql>);
  if (target === 'google-access-token') {
    const { credentials, ...others } = options as { credentials: Reference & { workloadIdentityAudience?: string } };
    const { workloadIdentityAudience: audience } = credentials;
    const by = audience === undefined ? from(credentials) : workloadIdentity({ audience });
    return Rotation.googleAccessToken({ ...others, credentials: by } as Options<typeof Rotation.googleAccessToken>);
  }
  if (target !== 'oauth-token') throw new Error(`no construct is known for ${target satisfies never}`);
  const { auth0, tls, ...others } = options as { auth0?: object; tls?: { ca?: string; clientCertificate?: Reference } };
  const all = {
    ...others,
    credentials: from(options.credentials),
    ...given('introspectionCredentials'),
    ...(tls && { tls: { ...tls, ...(tls.clientCertificate && { clientCertificate: from(tls.clientCertificate) }) } }),
  };
  return auth0
    ? Rotation.auth0({ ...all, ...auth0 } as unknown as Options<typeof Rotation.auth0>)
    : Rotation.oauthToken(all as Options<typeof Rotation.oauthToken>);
}
