import type { Construct } from 'constructs';
import { known, knownProvider, knownShape, type OptionTable } from '../checks/check-options.ts';
import { checkRegion } from '../checks/check-region.ts';
import { ConstructError } from '../construct-error.ts';
import { type RoleOptions, rolesOf } from '../permissions/role-options.ts';
import type { ProviderOption } from '../terraform/provider.ts';
import { isReference } from '../terraform/references.ts';
import type { RotatingSecret } from './stack-rotations.ts';

/** Who is told, and of which secrets. */
export interface RotationAlarmsProps extends ProviderOption {
  /** The address that is told. AWS asks it to confirm once. One of `email` and `topicArn` is needed. */
  readonly email?: string;
  /** The SNS topic that is told. CloudWatch and EventBridge must be able to publish to it. */
  readonly topicArn?: string;
  /** The secrets that are watched. @default every secret of the stack that rotates in this region, also those declared later */
  readonly secrets?: readonly RotatingSecret[];
  /**
   * Watches every secret whose name begins so, such as `my-app/`, whoever made it: those without a rotation are found, too. Errors of
   * functions are watched only of `secrets`.
   * @default none
   */
  readonly secretNamePrefix?: string;
  /** Names of secrets below the prefix that are not to rotate. @default none */
  readonly except?: readonly string[];
  /** How the names of function, alarms and topic begin: at most 48 letters, digits and hyphens. @default the construct's path */
  readonly name?: string;
  /** Where your people find the runbook, for the texts. @default 'docs/errors.md' */
  readonly runbookUrl?: string;
  /** A Node.js runtime of Lambda. @default 'nodejs24.x' */
  readonly runtime?: string;
  /** The permissions boundary of the roles that are made. @default none */
  readonly permissionsBoundaryArn?: string;
  /** The IAM path of the roles that are made. @default '/' */
  readonly rolePath?: string;
  /** Tags of whatever is made and has tags. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

export const rotationAlarmsProps: OptionTable<RotationAlarmsProps> = {
  email: 'optional',
  topicArn: 'optional',
  secrets: knownShape('optional', 'each has alarms of its own'),
  secretNamePrefix: known('optional', 'the policy of the function depends on it'),
  except: knownShape('optional', 'the function is told each name'),
  name: known('optional', 'the names of alarms and function begin with it'),
  runbookUrl: 'optional',
  runtime: 'optional',
  permissionsBoundaryArn: 'optional',
  rolePath: 'optional',
  tags: 'optional',
  provider: knownProvider,
};

/** @throws ConstructError OPTIONS */
export function checkAlarmProps(
  scope: Construct,
  props: RotationAlarmsProps,
): { name: string; roleOptions: RoleOptions; runbook: string } {
  const { email, topicArn, secrets, secretNamePrefix: prefix, runbookUrl: runbook = 'docs/errors.md' } = props;
  if ((email === undefined) === (topicArn === undefined)) {
    throw refused(
      `RotationAlarms got ${email === undefined ? 'neither' : 'both'} email and topicArn. Expected one of them`,
    );
  }
  if (email !== undefined && !isReference(email) && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) {
    throw refused(`email is "${email}". Expected an address such as team@example.com`);
  }
  if (
    topicArn !== undefined &&
    !isReference(topicArn) &&
    !/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(topicArn)
  ) {
    throw refused(`topicArn is "${topicArn}". Expected the ARN of an SNS topic: arn:aws:sns:REGION:ACCOUNT:NAME`);
  }
  if (topicArn !== undefined && !isReference(topicArn) && topicArn.endsWith('.fifo'))
    throw refused('topicArn is a FIFO topic, which alarms cannot publish to. Give a standard one');
  checkRegion(scope, 'The topicArn', topicArn);
  // It stands in a JSON text, where AWS replaces what is in angle brackets.
  if (!isReference(runbook) && !/^[^\s"\\<>]{1,300}$/.test(runbook)) {
    throw refused(
      `runbookUrl is ${JSON.stringify(runbook)}. Expected an address without blanks, line breaks, quotes, backslashes and angle ` +
        'brackets, such as https://wiki.example.com/rotation, at most 300 characters',
    );
  }
  if (secrets?.length === 0 && prefix === undefined)
    throw refused('secrets is empty. Expected one secret, or leave it out');
  if (prefix !== undefined && !/^[\w/+=.@-][\w/+=.@!-]*$/.test(prefix)) {
    throw refused(`secretNamePrefix is "${prefix}". Expected how names of secrets begin, such as my-app/`);
  }
  const name = props.name ?? scope.node.path.replaceAll(/[^\w-]+/g, '-').slice(0, 48);
  if (!/^[\w-]{1,48}$/.test(name)) {
    throw refused(`name is "${name}". Expected at most 48 letters, digits, hyphens or underscores`);
  }
  const { permissionsBoundaryArn, rolePath } = props;
  const roleOptions = rolesOf({
    ...(permissionsBoundaryArn !== undefined && { permissionsBoundaryArn }),
    ...(rolePath !== undefined && { rolePath }),
  });
  return { name, roleOptions, runbook };
}

const refused = (problem: string) => new ConstructError('OPTIONS', `${problem}.`);
