import { AwsError } from '../aws-error.ts';

type Matches = (event: unknown) => boolean;

/** AWS raises this quota on request. Its own words for a longer pattern are not documented. */
const MOST_CHARACTERS = 2_048;

/**
 * Which events a pattern selects: each field has one of the values that the pattern lists, or begins with one of its prefixes.
 *
 * @throws InvalidEventPatternException for what is no pattern, or none that is known here: AWS knows more comparisons.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function eventPattern(text: string): Matches {
  if (text.length > MOST_CHARACTERS) throw refused(`The event pattern has more than ${MOST_CHARACTERS} characters.`);
  try {
    return object(JSON.parse(text), '');
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw refused('The event pattern is not JSON.');
  }
}

function object(pattern: unknown, place: string): Matches {
  if (Array.isArray(pattern)) return anyOf(pattern, place);
  if (typeof pattern !== 'object' || pattern === null)
    throw refused(`${place || 'The pattern'} is not an object or a list.`);
  const fields = Object.entries(pattern).map(([name, part]) => [name, object(part, `${place}${name}.`)] as const);
  return (event) => fields.every(([name, matches]) => matches(Object(event)[name]));
}

function anyOf(values: readonly unknown[], place: string): Matches {
  const tests = values.map((value): Matches => {
    if (typeof value === 'string') return (found) => [found].flat().includes(value);
    const [[comparison = '', prefix = ''] = [], ...more] = Object.entries(Object(value) as Record<string, unknown>);
    if (comparison === 'prefix' && typeof prefix === 'string' && more.length === 0) {
      return (found) => [found].flat().some((each) => String(each).startsWith(prefix));
    }
    throw refused(`${place}${comparison} is not supported by the local EventBridge. It knows texts and prefix.`);
  });
  return (event) => tests.some((matches) => matches(event));
}

const refused = (message: string) => new AwsError('InvalidEventPatternException', message);
