import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Links of a built site that lead nowhere, what a browser would load from elsewhere, and pages that are empty. */
export function brokenLinks(site: string): string[] {
  const files = new Set(readdirSync(site, { recursive: true, encoding: 'utf8' }));
  const pages = [...files].filter((file) => file.endsWith('.html') && file !== '404.html');
  const html = new Map(pages.map((page) => [page, readFileSync(path.join(site, page), 'utf8')]));
  const ids = new Map([...html].map(([page, text]) => [page, new Set(all(text, / id="([^"]+)"/g))]));
  return pages.flatMap((page) => {
    const text = html.get(page) ?? '';
    const loaded = all(text, /<(?:script|img|link|iframe|source)\b[^>]* (?:src|href)="((?:https?:)?\/\/[^"]*)"/g);
    const links = all(text, /<(?:a|img|link|script)\b[^>]* (?:href|src)="(?!https?:|mailto:|\/\/|data:)([^"]*)"/g);
    const broken = links.filter((link) => {
      const url = new URL(decodeURI(link.replaceAll('&amp;', '&')), `http://site/${page}`);
      const file = url.pathname.replace(/\/$/, '/index.html').slice(1);
      const fragment = decodeURIComponent(url.hash.slice(1));
      return !files.has(file) || (fragment !== '' && ids.get(file)?.has(fragment) === false);
    });
    // A page that Vue could not render is empty, and no error.
    const empty = /<h1\b/.test(text) ? [] : ['has no heading'];
    return [...empty, ...loaded, ...new Set(broken)].map((link) => `${page}: ${link}`);
  });
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
