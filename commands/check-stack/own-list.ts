import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { page } from '../../rules/page.ts';
import { type Allowed, type ArgumentsByType, allowedByDefault } from './allowed.ts';
import { NotStrictJson, readStrictly } from './read-strictly.ts';
import { shown } from './refusals.ts';

/** A list of one's own that cannot be used: where, what was found, what was expected. */
export class OwnListError extends Error {}

const Name = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]*$/));
const Argument = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(\.\*)?$/));
const ByType = v.record(Name, v.array(Argument));
const Role = v.pipe(v.string(), v.regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/));
const OwnList = v.strictObject({
  '//': v.optional(v.unknown()),
  assume_role: v.optional(v.array(Role), []),
  backend: v.optional(v.record(Name, v.record(Name, v.unknown()))),
  data: v.optional(ByType, {}),
  ephemeral: v.optional(ByType, {}),
  provider: v.optional(ByType, {}),
  required_providers: v.optional(v.record(Name, v.strictObject({ source: v.string(), version: v.string() })), {}),
  resource: v.optional(ByType, {}),
  variable: v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z_][\w-]*$/))), []),
});

/**
 * What no list can allow, in whichever part of a dotted name: by this name arguments run a program, or read files of the
 * machine that plans. `*` is any text.
 */
export const NEVER_NAMES: readonly string[] = [
  ...[
    '*command',
    '*commands',
    '*config_path',
    '*config_paths',
    '*credential*',
    '*exec',
    '*executable',
    '*file',
    '*files',
  ],
  ...['*interpreter', '*kubeconfig*', '*program', '*programs', '*script', '*scripts', '*shell'],
  ...['connection', 'dynamic', 'provisioner'],
];

const NEVER = new RegExp(`^(${NEVER_NAMES.map(asPattern).join('|')})$`, 'i');

/** `*file` is `file`, and whatever ends in `_file`. */
function asPattern(name: string): string {
  return name.replace(/^\*/, '(.*_)?').replace(/\*$/, '.*');
}

/** Whether no list can allow an argument of this name. */
export const isNever = (name: string) => name.split('.').some((part) => NEVER.test(part));

export const NEVER_PROVIDER_ARGUMENTS: readonly string[] = [
  ...['access_key', 'assume_role_with_web_identity', 'custom_ca_bundle', 'ec2_metadata_service_endpoint', 'endpoints'],
  ...['http_proxy', 'https_proxy', 'insecure', 'profile', 'secret_key', 'shared_config_files'],
  ...['shared_credentials_files', 'token'],
];

export const NEVER_SOURCES: readonly string[] = [
  ...['hashicorp/cloudinit', 'hashicorp/external', 'hashicorp/http', 'hashicorp/local', 'hashicorp/null'],
  ...['hashicorp/template', 'scottwinkler/shell'],
];

const SOURCE = /^[a-z0-9-]+\/[a-z0-9-]+$/;

/**
 * What is allowed besides: the default list and that of a file.
 * @param file `rotaform.allow.json` of the base branch; undefined where there is none
 * @throws OwnListError
 */
export function allowedWith(file: string | undefined): Allowed {
  if (file === undefined) return allowedByDefault;
  const own = readOwnList(file);
  const refuse = (place: string, reason: string) => {
    throw new OwnListError(`${file}: ${place} ${reason}`);
  };
  for (const [name, { source }] of Object.entries(own.required_providers)) {
    const place = `required_providers.${name}`;
    if (!SOURCE.test(source)) refuse(place, 'has a source that is not NAMESPACE/TYPE of registry.terraform.io.');
    if (NEVER_SOURCES.includes(source))
      refuse(place, `is ${source}, which no list can allow: it runs programs or reads files.`);
    if (isNever(name) || isNever(source.split('/')[1] ?? ''))
      refuse(place, 'is named after what runs programs, which no list can allow.');
    const ours = allowedByDefault.requiredProviders[name]?.source;
    if (ours !== undefined && ours !== source) refuse(place, `is not ${ours}.`);
  }
  const providers = [...Object.keys(allowedByDefault.requiredProviders), ...Object.keys(own.required_providers)];
  for (const section of ['resource', 'data', 'ephemeral'] as const) {
    for (const [type, names] of Object.entries(own[section])) {
      const provider = providers.find((name) => type === name || type.startsWith(`${name}_`));
      if (provider === undefined) {
        refuse(`${section}.${type}`, `is of a provider that is not allowed. Add it to required_providers.`);
      }
      // What reads and writes files stays as the constructs use it.
      if (provider === 'archive') refuse(`${section}.${type}`, 'reads and writes files: no list can allow more of it.');
      const never = isNever(type) ? type : names.find(isNever);
      if (never !== undefined) refuse(`${section}.${type}`, `allows ${never}, which no list can allow.`);
    }
  }
  for (const [name, names] of Object.entries(own.provider)) {
    if (!providers.includes(name)) refuse(`provider.${name}`, 'is not allowed. Add it to required_providers.');
    const never = names.find(
      (argument) => NEVER_PROVIDER_ARGUMENTS.includes(argument.split('.')[0] ?? '') || isNever(argument),
    );
    if (never !== undefined) refuse(`provider.${name}`, `allows ${never}, which no list can allow.`);
    const any = names.find((argument) => argument.endsWith('.*'));
    if (any !== undefined) refuse(`provider.${name}`, `allows ${any}. Name each argument of a provider.`);
  }
  return {
    resource: together(allowedByDefault.resource, own.resource),
    data: together(allowedByDefault.data, own.data),
    ephemeral: together(allowedByDefault.ephemeral, own.ephemeral),
    provider: together(
      { ...Object.fromEntries(providers.map((name) => [name, ['alias']])), ...allowedByDefault.provider },
      together(own.provider, { aws: own.assume_role.length > 0 ? ['assume_role.role_arn'] : [] }),
    ),
    backend: allowedByDefault.backend,
    requiredProviders: { ...allowedByDefault.requiredProviders, ...own.required_providers },
    variable: own.variable,
    assumedRoles: own.assume_role,
    publicPolicies: own.resource.aws_secretsmanager_secret_policy?.includes('block_public_policy') ?? false,
    ...(own.backend && { exactBackend: own.backend }),
  };
}

function readOwnList(file: string) {
  let value: unknown;
  try {
    value = readStrictly(readFileSync(file));
  } catch (error) {
    if (error instanceof NotStrictJson) throw new OwnListError(`${file}: found ${error.message}. Expected JSON.`);
    throw new OwnListError(`${file} cannot be read. Give the path of a list, or leave --allow out.`);
  }
  const { success, output, issues } = v.safeParse(OwnList, value);
  if (success) return output;
  const place = issues[0].path?.map(({ key }) => shown(String(key))).join('.') ?? 'the list';
  throw new OwnListError(
    `${file}: ${place} is not as expected. Expected assume_role, backend, data, ephemeral, provider, required_providers, resource or ` +
      `variable; ${page('check-stack.md')} shows each.`,
  );
}

function together(ours: ArgumentsByType, own: ArgumentsByType): ArgumentsByType {
  const types = [...new Set([...Object.keys(ours), ...Object.keys(own)])];
  return Object.fromEntries(types.map((type) => [type, [...(ours[type] ?? []), ...(own[type] ?? [])]]));
}
