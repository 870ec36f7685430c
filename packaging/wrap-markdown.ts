const MOST_COLUMNS = 120;

/** A word, with what may not be cut: code, and a link's text and target. */
const WORD = /(?:`[^`]*`|\[[^\]]*\]\([^)]*\)|\S)+/g;

/** A page whose prose and signatures have at most 120 columns. A paragraph that fits stays as it is. */
export function wrapMarkdown(page: string): string {
  let isCode = false;
  const wrapped: string[] = [];
  let paragraph: string[] = [];
  const end = () => {
    wrapped.push(...(paragraph.some((line) => line.length > MOST_COLUMNS) ? wrap(paragraph) : paragraph));
    paragraph = [];
  };
  for (const line of page.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    if (!isCode && /^[\w(`*[>]/.test(line)) {
      if (line.startsWith('>')) end();
      paragraph.push(line);
      continue;
    }
    end();
    // An item of a list goes on below its own text.
    if (!isCode && /^ *- /.test(line)) paragraph.push(line);
    else wrapped.push(line);
  }
  end();
  return wrapped.join('\n');
}

function wrap(lines: readonly string[]): string[] {
  const [first = ''] = lines;
  const [start = ''] = /^(?:> | *- )?/.exec(first) ?? [];
  const next = start.startsWith('>') ? start : start.replaceAll(/./g, ' ');
  const words = lines.join(' ').slice(start.length).match(WORD) ?? [];
  const found: string[] = [];
  let line = start;
  for (const word of words) {
    const longer = line.trim() === start.trim() ? line + word : `${line} ${word}`;
    if (longer.length <= MOST_COLUMNS || line === start || line === next) {
      line = longer;
      continue;
    }
    found.push(line);
    line = next + word;
  }
  return [...found, line];
}
