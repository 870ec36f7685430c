import { AwsError } from '../aws-error.ts';

const FIELD_IS = /^\{\s*\$\.(?<field>\w+)\s*=\s*"(?<value>[^"\\*]*)"\s*\}$/;
const QUOTED = /^(?:"[^"\\]+"\s*)+$/;

/**
 * Which messages a filter pattern selects: all of them (the empty pattern), those with each of the quoted texts, or JSON whose
 * field has a certain value: `{ $.versionId = "…" }`.
 *
 * @throws InvalidParameterException for any other pattern: AWS knows many more.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  const trimmed = pattern.trim();
  if (trimmed === '') return () => true;
  if (QUOTED.test(trimmed)) {
    const texts = [...trimmed.matchAll(/"([^"]+)"/g)].map(([, text = '']) => text);
    return (message) => texts.every((text) => message.includes(text));
  }
  const { field, value } = FIELD_IS.exec(trimmed)?.groups ?? {};
  if (field !== undefined) return (message) => fieldsOf(message)[field] === value;
  throw new AwsError(
    'InvalidParameterException',
    `The filter pattern ${trimmed} is not supported by the local CloudWatch Logs. It knows { $.field = "text" } and "quoted" "texts".`,
  );
}

function fieldsOf(message: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(message));
  } catch {
    return {};
  }
}
