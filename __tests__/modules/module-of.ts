import { existingArn, HAND_MADE, type PropertySet } from './property-sets.ts';

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
