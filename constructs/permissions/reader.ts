import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { checkOptions } from '../checks/check-options.ts';
import { ConstructError } from '../construct-error.ts';
import { accountKey, knownAccount, knownRegion, partitionOf, providerFor } from '../terraform/known-place.ts';
import { argument, isReference } from '../terraform/references.ts';
import { referredElement } from '../terraform/referred-element.ts';
import { resolveTokens } from '../terraform/resolve-tokens.ts';

/** Who may read: a role of the secret's account by itself or its name; a role, user or account of any by its ARN. */
export type ReaderOption = IamRole | string | { readonly arn: string };

export interface Reader {
  /** What tells it apart from others. */
  readonly id: string;
  /** The role that gets a policy; undefined where there is none to give it to. */
  readonly roleName: string | undefined;
  /** Of the role's account, where that is another one. */
  readonly provider?: AwsProvider | undefined;
  /** Whom the secret's own policy must name; undefined in the secret's account. */
  readonly principalArn?: string;
}

/**
 * @param provider of the reader's account, where it is given
 * @throws OPTIONS for who is no single principal
 */
export function readerOf(scope: Construct, reader: ReaderOption, provider: AwsProvider | undefined): Reader {
  if (reader instanceof IamRole) return ofRole(scope, reader, reader.name, provider);
  if (typeof reader !== 'string' && !isReference(reader)) {
    checkOptions('The reader of grantRead', reader, { arn: 'required' });
    return ofArn(scope, reader.arn, provider);
  }
  const text = Token.asString(reader);
  if (!isReference(text)) return text.includes(':') ? ofArn(scope, text, provider) : ofName(text);
  const role = referredElement(scope, text);
  if (!(role instanceof IamRole)) return { id: text, roleName: text };
  const isArn = resolveTokens(text, scope) === resolveTokens(role.arn, scope);
  return ofRole(scope, role, isArn ? role.name : text, provider);
}

function ofRole(scope: Construct, role: IamRole, roleName: string, provider: AwsProvider | undefined): Reader {
  if (accountKey(role) === accountKey(scope)) return { id: roleName, roleName };
  return { id: roleName, roleName, provider: provider ?? providerFor(role), principalArn: role.arn };
}

function ofName(roleName: string): Reader {
  if (/^[\w+=,.@-]{1,64}$/.test(roleName)) return { id: roleName, roleName };
  throw refused(
    `is "${roleName}". Expected a role, its name, or the ARN of a role, a user or an account: arn:aws:iam::444455556666:role/web`,
  );
}

function ofArn(scope: Construct, arn: string, provider: AwsProvider | undefined): Reader {
  if (isReference(arn)) {
    const role = referredElement(scope, arn);
    if (role instanceof IamRole) return ofRole(scope, role, role.name, provider);
    return { id: arn, roleName: provider && Fn.replace(argument(arn), '/^.*//', ''), provider, principalArn: arn };
  }
  const [, partition, account, type, name = ''] =
    /^arn:(aws[\w-]*):iam::(\d{12}):(?:(role|user)\/(?:[!-)+->@-~]*\/)?([\w+=,.@-]+)|root)$/.exec(arn) ?? [];
  if (account === undefined)
    throw refused(`is "${arn}"${whyNot(arn)}. Expected the ARN of a role, a user or an account`);
  const region = knownRegion(scope);
  if (region !== undefined && partition !== partitionOf(region)) {
    throw refused(`is "${arn}", and the secret is in ${partitionOf(region)}: nobody reads across partitions`);
  }
  if (provider !== undefined && type !== 'role') {
    throw refused(
      `is "${arn}", with a provider. Expected a role, which that provider can give a policy. Leave provider out`,
    );
  }
  if (account === knownAccount(scope) && type === 'role') return { id: name, roleName: name };
  return { id: arn, roleName: provider && name, provider, principalArn: arn };
}

function whyNot(arn: string): string {
  if (/[*?]/.test(arn)) return ', which may be anybody';
  if (/:assumed-role\//.test(arn)) return ', a session of a role';
  return /:group\//.test(arn) ? ', a group, which is not a principal' : '';
}

function refused(problem: string): ConstructError {
  return new ConstructError('OPTIONS', `The reader of grantRead ${problem}.`);
}
