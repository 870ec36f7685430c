import * as v from 'valibot';
import { listSecrets } from '../../secrets-manager/list-secrets.ts';
import { blocks, resourceType } from '../resource-type.ts';

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/secretsmanager_secrets */
export const secretsmanagerSecretsData = resourceType(
  { filter: v.optional(blocks({ name: v.literal('name'), values: v.array(v.string()) }), []) },
  ({ filter }, { account }) => {
    const found: { readonly ARN: string; readonly Name: string }[] = [];
    const Filters = filter.map(({ name: Key, values: Values }) => ({ Key, Values }));
    let next: { readonly NextToken?: string } = {};
    do {
      const { SecretList, ...rest } = listSecrets({ Filters, ...next }, account);
      found.push(...SecretList);
      next = rest;
    } while (next.NextToken !== undefined);
    return { arns: found.map(({ ARN }) => ARN), names: found.map(({ Name }) => Name) };
  },
);
