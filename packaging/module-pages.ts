import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Copies the pages of the documentation: who has the Terraform module alone reads them in it. The reference of the TypeScript API
 * and SECURITY.md stay out, and a link to them becomes plain text.
 */
export function copyPages(out: string): void {
  cpSync('docs', out, { recursive: true, filter: (from) => from !== path.join('docs', 'api') });
  for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.md')) continue;
    const at = path.join(out, file);
    const text = readFileSync(at, 'utf8');
    writeFileSync(at, text.replaceAll(/\[([^\]]+)\]\((\.\.\/)?(api\/|SECURITY\.md)[^)]*\)/g, '$1'));
  }
}
