import type { Account } from '../../local/account.ts';

/** All that an account keeps, without what is new in each account: the ends of ARNs and names, dates, ids and values. */
export function accountObjects({ secrets, functions, roles, logGroups, keys }: Account): unknown {
  const objects = {
    secrets: byName(secrets.all()).map(
      ({ name, arn, description, kmsKeyId, tags, resourcePolicy, stages, versions, rotation }) => ({
        name,
        arn,
        description,
        kmsKeyId,
        tags: sorted(tags ?? []),
        resourcePolicy,
        labels: [...stages.keys()].sort(),
        versions: versions.size,
        rotation: rotation && { ...rotation, next: rotation.next?.closes.toISOString() },
      }),
    ),
    functions: functions.all().map(({ configuration, statements, tags, reservedConcurrency, codeSigningConfigArn }) => {
      // Two archives of the same files need not have the same bytes.
      const { LastModified: _, CodeSha256: __, CodeSize: ___, ...rest } = configuration;
      return { ...rest, statements, tags: sorted(tags), reservedConcurrency, codeSigningConfigArn };
    }),
    roles: roles.all().map(({ RoleId: _, CreateDate: __, ...role }) => ({
      ...role,
      AssumeRolePolicyDocument: JSON.parse(role.AssumeRolePolicyDocument),
      tags: sorted(role.tags),
      inlinePolicies: [...role.inlinePolicies].map(([name, document]) => [name, JSON.parse(document)]),
      attachedPolicyArns: [...role.attachedPolicyArns],
    })),
    logGroups: logGroups.all().map(({ createdMs: _, ...group }) => ({ ...group, tags: sorted(group.tags) })),
    keys: keys.all().map(({ CreationDate: _, KeyId: __, policy, tags, ...key }) => ({
      ...key,
      policy: JSON.parse(policy),
      tags: sorted(tags),
    })),
  };
  const text = JSON.stringify(objects)
    .replaceAll(/(:secret:[\w/+=.@-]+)-\w{6}(?=")/g, '$1')
    .replaceAll(/(:key)\/[\da-f-]{36}/g, '$1')
    .replaceAll(/-\d{26}(?=")/g, '');
  return JSON.parse(text);
}

/** Terraform makes what does not depend on each other at the same time. */
function byName<Named extends { readonly name: string }>(items: readonly Named[]): Named[] {
  return items.toSorted((one, other) => one.name.localeCompare(other.name));
}

function sorted(tags: Iterable<readonly [string, string]>): unknown {
  return [...tags].sort();
}
