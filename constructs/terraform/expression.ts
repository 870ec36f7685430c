/** What a text with expressions of Terraform is made of. */
export interface Expression {
  /** What it refers to, such as `var.password` or `aws_iam_role.web.arn`. */
  readonly references: readonly string[];
  /** Whether a text in it stands in for a reference that has no value, or for one of two. */
  readonly hasFallback: boolean;
}

/** The tokens of a template and of the expressions in it: the names, and what begins or ends a part. */
const TOKEN = /\$\$\{|%%\{|\\.|[$%]\{|""|"|[A-Za-z_][\w-]*\(|[A-Za-z_][\w-]*(?:\.[\w-]+)*|[.\d][\w.-]*|[()[\]{}?:]/gs;

/** A part within which tokens stand: a text, or code, with the function that has it as an argument. */
type Frame = 'text' | `${string}(` | 'code';

/** Reads the text that Terraform gets. */
export function readExpression(text: string): Expression {
  const frames: Frame[] = ['text'];
  const references: string[] = [];
  let hasFallback = false;
  let previous = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const frame = frames.at(-1);
    if (frame === 'text') {
      if (token === '${' || token === '%{') frames.push('code');
      if (token === '"' && frames.length > 1) frames.pop();
    } else if (token === '"') {
      hasFallback ||= frame === 'coalesce(' || frame === 'try(' || previous === '?' || previous === ':';
      frames.push('text');
    } else if (/^([([{]|.*\()$/.test(token)) {
      frames.push(token.length > 1 ? (token as Frame) : 'code');
    } else if (/^[)\]}]$/.test(token)) {
      if (frames.length > 1) frames.pop();
    } else if (/^[A-Za-z_][\w-]*\./.test(token)) {
      references.push(token);
    }
    previous = token;
  }
  return { references, hasFallback };
}
