import type { EventTarget } from './rule-store.ts';

/**
 * What an input transformer makes of an event: its template, with the values that its paths name. Each line of a template is a text in
 * quotes.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function inputText(
  event: object,
  { InputPathsMap, InputTemplate }: NonNullable<EventTarget['InputTransformer']>,
): string {
  const values = Object.fromEntries(Object.entries(InputPathsMap).map(([name, path]) => [name, at(event, path)]));
  return InputTemplate.split('\n')
    .map((line) => line.trim().replace(/^"(.*)"$/, '$1'))
    .join('\n')
    .replaceAll(/<([\w.-]+)>/g, (whole, name: string) => values[name] ?? (name in values ? '' : whole));
}

/** `$.detail.eventName` */
function at(event: object, path: string): string | undefined {
  const found = path
    .replace(/^\$\./, '')
    .split('.')
    .reduce<unknown>((value, key) => Object(value)[key], event);
  if (found === undefined) return undefined;
  return typeof found === 'string' ? found : JSON.stringify(found);
}
