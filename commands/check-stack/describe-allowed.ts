import {
  type ArgumentsByType,
  allowedByDefault,
  DATA_OF_CONDITIONS,
  FILE_FUNCTIONS,
  LIFECYCLE,
  META_ARGUMENTS,
  OF_CONDITION,
  OF_OUTPUT,
  OF_VARIABLE,
  PURE_FUNCTIONS,
  SECTIONS,
} from './allowed.ts';
import { NEVER_NAMES, NEVER_PROVIDER_ARGUMENTS, NEVER_SOURCES } from './own-list.ts';

const WIDTH = 120;

/** What is allowed, as Markdown: `docs/check-stack.md` has it, and `npm run check-stack -- --list` prints it. */
export function describeAllowed(): string {
  const { requiredProviders, provider, backend, data, resource } = allowedByDefault;
  const sources = Object.values(requiredProviders).map(({ source, version }) => `\`${source}\` \`${version}\``);
  return [
    line('Files', '`cdk.tf.json`, and plain files in `assets/`'),
    line('Sections', codes(SECTIONS)),
    line('Providers', sources.join(', ')),
    ...byType('Arguments of provider', provider),
    ...byType('Backend', backend),
    line('Of each resource and data source', codes(META_ARGUMENTS)),
    line('Of a lifecycle', codes(LIFECYCLE)),
    line('Of a variable, which must be ephemeral', codes(OF_VARIABLE)),
    line('Of an output', codes(OF_OUTPUT)),
    line('Of a condition', codes(OF_CONDITION)),
    line('What a condition may read', `plain variables, and the data sources ${codes(DATA_OF_CONDITIONS)}`),
    line('Functions', codes(PURE_FUNCTIONS)),
    line('Functions that read a file of the folder', codes(FILE_FUNCTIONS)),
    ...byType('Data source', data),
    ...byType('Resource', resource),
    line('In no list: provider sources', codes(NEVER_SOURCES)),
    line('In no list: arguments of a provider', codes(NEVER_PROVIDER_ARGUMENTS)),
    line('In no list: names anywhere in an argument', codes(NEVER_NAMES)),
  ].join('');
}

const codes = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

function byType(title: string, types: ArgumentsByType): string[] {
  return Object.entries(types).map(([type, names]) => line(`${title} \`${type}\``, codes(names) || 'no argument'));
}

/** A member of a list, its lines wrapped. */
function line(title: string, text: string): string {
  const lines = [''];
  for (const word of `- ${title}: ${text}.`.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + 1 + word.length <= WIDTH) lines.splice(-1, 1, last === '' ? word : `${last} ${word}`);
    else lines.push(`  ${word}`);
  }
  return `${lines.join('\n')}\n`;
}
