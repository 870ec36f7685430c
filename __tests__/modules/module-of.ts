import { type AlarmSet, existingArn, HAND_MADE, type PropertySet } from './property-sets.ts';

const PASSWORD = [
  'length',
  'excludeCharacters',
  'excludeNumbers',
  'excludePunctuation',
  'excludeUppercase',
  'excludeLowercase',
  'includeSpace',
  'requireEachIncludedType',
];

/** The call of the module for a set, as JSON. */
export function moduleCallOf(id: string, set: PropertySet): Readonly<Record<string, unknown>> {
  const { schedule, isFleet, secret, functionOptions, network } = set;
  const { days, hours, cron, windowHours } = schedule;
  const { description, resourcePolicy, blockPublicPolicy = true, ...ofEach } = secret;
  const initial = { username: 'app' };
  const isText = set.rotation.format === 'text';
  return {
    ...snakeCased({ ...ofEach, ...(!isFleet && { description }), ...rotationOf(set) }),
    ...(isFleet
      ? { fleet: { secret_name_prefix: `${id}/`, secrets: { [`${id}/one`]: {}, [`${id}/two`]: {} } } }
      : set.isExisting
        ? { existing: { secret_arn: existingArn(id), take_over_from: HAND_MADE } }
        : { name: `${id}/secret` }),
    ...(resourcePolicy !== undefined && {
      resource_policy: { json: resourcePolicy, block_public_policy: blockPublicPolicy },
    }),
    ...(!isText &&
      !set.isExisting && { initial: isFleet ? { [`${id}/one`]: initial, [`${id}/two`]: initial } : initial }),
    schedule: snakeCased({ rateDays: days, rateHours: hours, cron, windowHours }),
    function: snakeCased({ ...functionOptions, ...(isFleet && { name: `rotate-${id}` }) }),
    ...(network && { network: snakeCased(network) }),
    on_rotated: set.onRotated.map(snakeCased),
  };
}

/** The secrets of a set that something follows, by the keys of the module. */
export function followedKeys(id: string, { onRotated, isFleet }: PropertySet): readonly string[] {
  if (onRotated.length === 0) return [];
  return isFleet ? [`${id}/one`, `${id}/two`] : ['secret'];
}

/** The calls of the modules for alarms and what they watch, by name, as JSON. */
export function alarmCallsOf(id: string, { watches, ...options }: AlarmSet): Readonly<Record<string, object>> {
  const source = './rotaform/modules/password';
  const schedule = { rate_days: 30 };
  const secrets = { [`${id}/one`]: {}, [`${id}/two`]: {} };
  const fleet = { function: { name: `rotate-${id}` }, fleet: { secret_name_prefix: `${id}/`, secrets } };
  const watched = { secret: { name: `${id}/secret` }, fleet, prefix: undefined }[watches];
  const rotations = watched === undefined ? {} : { rotations: `\${{ of = module.${id}_of }}` };
  return {
    ...(watched && { [`${id}_of`]: { source, schedule, ...watched } }),
    [id]: { source: './rotaform/modules/alarms', name: `watch-${id}`, ...rotations, ...snakeCased(options) },
  };
}

function rotationOf({ target, rotation }: PropertySet): object {
  const { field, ...options } = rotation;
  const ofPassword = Object.fromEntries(Object.entries(options).filter(([name]) => PASSWORD.includes(name)));
  const others = Object.fromEntries(Object.entries(options).filter(([name]) => !PASSWORD.includes(name)));
  if (target === 'google-access-token') return rotation;
  return {
    ...others,
    ...(Object.keys(ofPassword).length > 0 && { password: ofPassword }),
    ...(field !== undefined && { fields: [field].flat() }),
  };
}

/** The names of Terraform; what a user names, such as a tag, stays. */
function snakeCased(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        name === 'replicas'
          ? (value as object[]).map(snakeCased)
          : isPlain(value) && !['tags', 'parameters'].includes(name)
            ? snakeCased(value)
            : value,
      ]),
  );
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
