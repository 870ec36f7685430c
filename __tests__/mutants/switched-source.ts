import type { NumberedEdit as Edit } from './numbered-edits.ts';

type Place = Pick<Edit, 'start' | 'end'>;

/** What a switched source calls; see `mutant-switch.ts`. */
const SWITCH = 'globalThis.rotaformMutants';

/**
 * A source with all its changes in it, each behind a switch: so a process can try one after the other without loading anything
 * again. Its lines are those of the source.
 */
export function switchedSource(source: string, edits: readonly Edit[]): string {
  const places = new Map<string, Edit[]>();
  for (const edit of edits) {
    const key = `${edit.start}-${edit.end}`;
    places.set(key, [...(places.get(key) ?? []), edit]);
  }
  // Of two that begin together the longer one holds the other.
  const all = [...places.values()].sort(([a], [b]) => (a && b ? a.start - b.start || b.end - a.end : 0));

  function rendered({ start, end }: Place, within: readonly Edit[][]): string {
    let text = '';
    let at = start;
    for (let index = 0; index < within.length; index += 1) {
      const place = within[index] as Edit[];
      const { start: from, end: to } = place[0] as Edit;
      const inner = within.slice(index + 1).filter(([each]) => each && each.start < to);
      text += source.slice(at, from) + switched(place, rendered({ start: from, end: to }, inner));
      at = to;
      index += inner.length;
    }
    return text + source.slice(at, end);
  }

  function switched(place: readonly Edit[], original: string): string {
    const { type } = place[0] as Edit;
    const isOn = (edit: Edit) => `${SWITCH}.isOn(${edit.id})`;
    if (type === 'BlockStatement') return `{ if (!${isOn(place[0] as Edit)}) ${original} }`;
    if (type.endsWith('Statement')) return `{ if (!${isOn(place[0] as Edit)}) { ${original} } }`;
    const choices = place.map((edit) => `${isOn(edit)} ? ${edit.replacement} : `).join('');
    if (type === 'Literal') return `${SWITCH}.pattern(() => ${choices}${original})`;
    if (type === 'ArrayExpression')
      return `${SWITCH}.list([${place.map(({ id }) => id)}], () => ${choices}${original})`;
    return `(${choices}${original})`;
  }

  return rendered({ start: 0, end: source.length }, all);
}
