import { checkFault, type Fault, type FaultKind } from './fault.ts';

const COUNTS = ['nth', 'times', 'attempts'];
const OPTIONS = [...COUNTS, 'callers'];

/**
 * A fault as written on the command line: `ACTION:KIND`, then options, such as
 * `PutSecretValue:fail-after:nth=2:times=3` or `GetSecretValue:delay=2000`.
 *
 * @throws RangeError with the part that was not understood, and what was expected.
 */
export function parseFault(text: string): Fault {
  const [action = '', kindAndDelay = '', ...rest] = text.split(':');
  const [kind = '', delayMs] = kindAndDelay.split('=');
  const fault: Fault = {
    action,
    kind: kind as FaultKind,
    ...(delayMs !== undefined && { delayMs: number(delayMs) }),
    ...Object.fromEntries(rest.map((each) => option(each, text))),
  };
  try {
    checkFault(fault);
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`--fault ${text}: ${error.message}`) : error;
  }
  return fault;
}

function option(text: string, fault: string): [name: string, value: string | number] {
  const [name = '', value = ''] = text.split('=');
  if (COUNTS.includes(name)) return [name, number(value)];
  if (OPTIONS.includes(name)) return [name, value];
  throw new RangeError(`--fault ${fault}: "${text}" is not understood. Expected one of: ${OPTIONS.join('=, ')}=.`);
}

function number(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}
