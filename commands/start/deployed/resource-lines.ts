type Json = Readonly<Record<string, unknown>>;

/** A resource as its stack declares it. */
export interface Resource {
  /** Such as `aws_secretsmanager_secret`. */
  readonly type: string;
  readonly body: Json;
}

/** Every resource of the stacks. */
export function resourcesOf(stacks: readonly unknown[]): Resource[] {
  return stacks.flatMap((stack) =>
    Object.entries(Object(Object(stack).resource) as Json).flatMap(([type, named]) =>
      Object.values(Object(named)).map((body) => ({ type, body: Object(body) })),
    ),
  );
}

/** A line for each kind of resource, the secrets first: its name if there is one of it, otherwise how many there are. */
export function resourceLines(resources: readonly Resource[]): [kind: string, text: string][] {
  const lines = [...new Set(resources.map(({ type }) => type))].map((type): [string, string] => {
    const [first, ...more] = resources.filter((resource) => resource.type === type);
    return [kindOf(type), (more.length === 0 && first !== undefined && nameOf(first)) || String(more.length + 1)];
  });
  return lines.sort(([one], [other]) => Number(other.startsWith('secret')) - Number(one.startsWith('secret')));
}

/** `aws_secretsmanager_secret_rotation` → `secret rotation`, `aws_kms_key` → `KMS key` */
export function kindOf(type: string): string {
  const words = type.replace(/^aws_(secretsmanager_|cloudwatch_)?/, '').replaceAll('_', ' ');
  return words.replaceAll(/^(iam|kms|s3|vpc)\b/g, (service) => service.toUpperCase()).replace(/^lambda\b/, 'Lambda');
}

/** As far as it is known before Terraform runs. */
function nameOf({ body: { name, function_name, name_prefix } }: Resource): string | undefined {
  const prefixed = typeof name_prefix === 'string' ? `${name_prefix}…` : undefined;
  const [found] = [name, function_name, prefixed].filter((each) => typeof each === 'string');
  return found?.includes('${') ? undefined : found;
}
