/**
 * A value as AWS's query protocol writes it: a field is an element, the items of a list are elements named `member`, and the pairs of a
 * map elements named `entry`.
 */
export function toXml(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return [...value].map(([key, item]) => element('entry', { key, value: item })).join('');
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('');
  if (typeof value === 'object') {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return fields.map(([name, field]) => element(name, field)).join('');
  }
  return String(value).replaceAll(/[<>&"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function element(name: string, value: unknown): string {
  return `<${name}>${toXml(value)}</${name}>`;
}
