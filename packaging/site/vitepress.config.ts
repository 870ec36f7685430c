// Loaded by VitePress from the folder that build-site.ts prepares, with the tree of pages beside it.
import { readFileSync } from 'node:fs';
import type { Group, Page } from './page-tree.ts';

/** The part of markdown-it that is used here. */
interface Renderer {
  readonly rules: Record<string, (tokens: readonly { readonly content: string }[], index: number) => string>;
}

const groups: Group[] = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));

const asItem = ({ file, title, pages }: Page): object => ({
  text: title,
  link: `/${file}`,
  ...(pages.length > 0 && { items: pages.map(asItem), collapsed: true }),
});

export default {
  title: 'Rotaform',
  description: 'AWS secrets that rotate, declared in Terraform from TypeScript or HCL',
  head: [
    // No browser asks for an icon that is not there.
    ['link', { rel: 'icon', href: 'data:,' }],
    // Diagrams are wide.
    ['style', {}, ".vp-doc div[class*='language-text'] code { font-size: 12px }"],
    // The API pages have headings of five levels.
    ['style', {}, '.vp-doc h5 { margin: 20px 0 8px; font-weight: 500 } .vp-doc h4 + h5 { margin-top: 8px }'],
  ],
  markdown: {
    // As GitHub makes the ids of headings, so that one link works in both.
    anchor: {
      slugify: (heading: string) =>
        heading
          .trim()
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\p{Pc}\- ]/gu, '')
          .replaceAll(' ', '-'),
    },
    theme: { light: 'github-light', dark: 'github-dark' },
    // Pages are no templates of Vue: what stands in {{ }} is text, such as that of a workflow.
    config: ({ renderer, utils }: { renderer: Renderer; utils: { escapeHtml(text: string): string } }) => {
      const asText = (text = '') => utils.escapeHtml(text).replaceAll('{{', '&#123;&#123;');
      renderer.rules.text = (tokens, index) => asText(tokens[index]?.content);
      renderer.rules.code_inline = (tokens, index) => `<code>${asText(tokens[index]?.content)}</code>`;
    },
  },
  themeConfig: {
    nav: [
      { text: 'API', link: '/docs/api/rotaform.md' },
      { text: 'Errors', link: '/docs/errors.md' },
    ],
    sidebar: [
      { text: 'Rotaform', link: '/' },
      ...groups.map((group) => ({ text: group.title, items: group.pages.map(asItem) })),
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    docFooter: { prev: false, next: false },
  },
};
