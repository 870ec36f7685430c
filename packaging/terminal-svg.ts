/** A line of a terminal, with its escape codes, and when it was written. */
export interface TerminalLine {
  readonly text: string;
  readonly atSeconds: number;
}

const [FONT_SIZE, COLUMN, ROW, MARGIN, BAR] = [13, 7.83, 18, 16, 34];

/** What an escape code (SGR) begins; 0, 22 and 39 end it. */
const STYLES: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  36: 'cyan',
  90: 'dim',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is read are escape codes
const CODE = /\u001b\[([\d;]*)m/;

/**
 * A picture of a terminal in which lines appear when they appeared, and then stay. Light or dark as the reader's system is; without
 * movement if the reader's system asks for that.
 */
export function terminalSvg(lines: readonly TerminalLine[], title: string): string {
  const columns = Math.max(...lines.map(({ text }) => plain(text).length));
  const [width, height] = [Math.ceil(columns * COLUMN + 2 * MARGIN), BAR + lines.length * ROW + MARGIN];
  const rows = lines.map(({ text, atSeconds }, row) => {
    const y = BAR + (row + 0.75) * ROW;
    return text === ''
      ? []
      : [
          `<text class="line" style="animation-delay:${atSeconds.toFixed(2)}s" x="${MARGIN}" y="${y}">${spans(text)}</text>`,
        ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>
svg { --paper: #ffffff; --ink: #1f2328; --frame: #d1d9e0; --dim: #656d76; --red: #cf222e; --green: #1a7f37; --yellow: #9a6700; --cyan: #0969da }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #e6edf3; --frame: #3d444d; --dim: #9198a1; --red: #ff7b72; --green: #3fb950; --yellow: #d29922; --cyan: #79c0ff }
}
rect { fill: var(--paper); stroke: var(--frame) }
circle { fill: var(--frame) }
text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--ink); white-space: pre }
.bold { font-weight: bold }
.dim { fill: var(--dim) }
.red { fill: var(--red) }
.green { fill: var(--green) }
.yellow { fill: var(--yellow) }
.cyan { fill: var(--cyan) }
@media (prefers-reduced-motion: no-preference) {
  .line { animation: appear 0.15s both }
}
@keyframes appear { from { opacity: 0 } }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<circle cx="20" cy="17" r="5"/><circle cx="38" cy="17" r="5"/><circle cx="56" cy="17" r="5"/>
${rows.flat().join('\n')}
</svg>
`;
}

/** The words of a picture, line by line. */
export function wordsOfSvg(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line = '']) =>
    line
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&'),
  );
}

/** Each span begins at its own column, so that a font of another width moves nothing out of its place. */
function spans(text: string): string {
  const [first = '', ...rest] = text.split(CODE);
  let column = first.length;
  let made = first === '' ? '' : span(first, '', 0);
  for (let part = 0; part < rest.length; part += 2) {
    const [codes = '', words = ''] = rest.slice(part, part + 2);
    const style = codes
      .split(';')
      .map((code) => STYLES[code] ?? '')
      .join(' ')
      .trim();
    if (words !== '') made += span(words, style, column);
    column += words.length;
  }
  return made;
}

function span(words: string, style: string, column: number): string {
  const x = (MARGIN + column * COLUMN).toFixed(1);
  const length = `textLength="${(words.length * COLUMN).toFixed(1)}"`;
  return `<tspan x="${x}" ${length}${style === '' ? '' : ` class="${style}"`}>${escaped(words)}</tspan>`;
}

const plain = (text: string) => text.replaceAll(new RegExp(CODE, 'g'), '');
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
