import {
  type Allowed,
  type ArgumentsByType,
  LIFECYCLE,
  META_ARGUMENTS,
  OF_OUTPUT,
  OF_VARIABLE,
  SECTIONS,
} from './allowed.ts';
import { checkCondition, checkLiteral, checkValue, MODULE, type Names, parsed, pathInFolder } from './check-value.ts';
import type { Place, Refusals } from './refusals.ts';
import { shown } from './refusals.ts';

const BLOCK_NAME = /^[A-Za-z_][\w-]*$/;
const ADDRESS = /^((data|ephemeral)\.)?[a-z0-9_]+\.[A-Za-z_][\w-]*(\[(\d+|"[\w./-]+")\])?$/;
const ATTRIBUTE = /^[a-z0-9_]+(\.[\w-]+|\[\d+\])*$/;
const PROVIDER = /^[a-z0-9_]+(\.[\w-]+)?$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;
const VERSION = /^[\d.<>=~!, ]+$/;
const TYPE = /^((list|set|map)\()?(string|number|bool|any)\)?$/;

type Members = Readonly<Record<string, unknown>>;

/** Checks every block of a stack's file. */
export function checkBlocks(stack: unknown, allowed: Allowed, files: ReadonlySet<string>, refusals: Refusals): void {
  new BlockCheck(allowed, namesOf(stack, allowed, files), refusals).stack(stack);
}

function namesOf(stack: unknown, allowed: Allowed, files: ReadonlySet<string>): Names {
  const variables = Object.entries(Object(Object(stack).variable));
  const ephemeral = variables.filter(([, body]) => Object(body).ephemeral === true).map(([name]) => name);
  return {
    ephemeralVariables: new Set(ephemeral),
    plainVariables: new Set(allowed.variable.filter((name) => !ephemeral.includes(name))),
    files,
  };
}

class BlockCheck {
  constructor(
    private readonly allowed: Allowed,
    private readonly names: Names,
    private readonly refusals: Refusals,
  ) {}

  stack(stack: unknown): void {
    for (const [section, body] of this.members(stack, [], SECTIONS)) {
      const place = [section];
      switch (section) {
        case 'terraform':
          this.terraform(body, place);
          break;
        case 'provider':
          this.providers(body, place);
          break;
        case 'resource':
        case 'data':
        case 'ephemeral':
          this.typed(body, place, this.allowed[section]);
          break;
        case 'variable':
          for (const [name, variable] of this.named(body, place)) this.variable(name, variable, [...place, name]);
          break;
        case 'output':
          for (const [name, output] of this.named(body, place)) this.output(output, [...place, name]);
          break;
        case 'locals':
          for (const [name, value] of this.named(body, place)) this.value(value, [...place, name]);
          break;
        default:
          for (const [index, block] of listed(body).entries()) this.moved(block, [...place, String(index)], section);
      }
    }
  }

  terraform(body: unknown, place: Place): void {
    for (const [name, value] of this.members(body, place, [
      '//',
      'backend',
      'required_providers',
      'required_version',
    ])) {
      const here = [...place, name];
      if (name === 'required_version') this.text(value, here, VERSION, 'a version constraint');
      if (name === 'backend') this.backend(value, here);
      if (name === 'required_providers') {
        for (const [provider, source] of this.members(value, here, Object.keys(this.allowed.requiredProviders))) {
          const expected = this.allowed.requiredProviders[provider];
          if (sameJson(source, expected)) continue;
          this.refusals.add([...here, provider], 'another source or version', JSON.stringify(expected));
        }
      }
    }
  }

  backend(body: unknown, place: Place): void {
    for (const [type, settings] of this.members(body, place, Object.keys(this.allowed.backend))) {
      const here = [...place, type];
      for (const [name, value] of this.members(settings, here, this.allowed.backend[type] ?? [])) {
        checkLiteral(value, [...here, name], this.refusals);
        if (name === 'region') this.text(value, [...here, name], REGION, 'the name of a region');
        if (type === 'local') this.text(value, [...here, name], /\.tfstate$/, 'a path that ends in .tfstate');
        else if (typeof value === 'object') this.refusals.add([...here, name], kind(value), 'text or a boolean');
      }
    }
    if (this.allowed.exactBackend !== undefined && !sameJson(body, this.allowed.exactBackend)) {
      this.refusals.add(place, 'another backend', 'what rotaform.allow.json of the base branch says');
    }
  }

  providers(body: unknown, place: Place): void {
    for (const [name, blocks] of this.members(body, place, Object.keys(this.allowed.provider))) {
      for (const block of listed(blocks)) {
        const here = [...place, name];
        for (const [argument, value] of this.arguments(block, here, this.allowed.provider[name] ?? [], ['//'])) {
          // What a provider refuses, it quotes: an expression could make it quote a secret.
          checkLiteral(value, [...here, argument], this.refusals);
          if (argument.endsWith('region')) this.text(value, [...here, argument], REGION, 'the name of a region');
        }
      }
    }
  }

  typed(body: unknown, place: Place, types: ArgumentsByType): void {
    for (const [type, blocks] of this.members(body, place, Object.keys(types), 'types')) {
      for (const [name, block] of this.named(blocks, [...place, type])) {
        const here = [...place, type, name];
        const own = types[type] ?? [];
        for (const [argument, value] of this.arguments(block, here, own, META_ARGUMENTS)) {
          if (META_ARGUMENTS.includes(argument)) this.meta(argument, value, [...here, argument]);
          else this.argument(type, argument, value, [...here, argument]);
        }
      }
    }
  }

  argument(type: string, argument: string, value: unknown, place: Place): void {
    const own = type === 'archive_file' ? this.ofArchive(argument, value) : undefined;
    const expected = readsFile(type, argument) && !isArchive(value) ? `"\${data.archive_file.NAME.output_path}"` : own;
    if (expected !== undefined) this.refusals.add(place, 'something else', expected);
    checkValue(value, place, this.names, this.refusals, argument.endsWith('_wo') ? 'write-only' : 'refused');
  }

  /** What an argument of an archive must be, where it is not. */
  ofArchive(argument: string, value: unknown): string | undefined {
    const file = typeof value === 'string' ? this.folderPath(value) : undefined;
    switch (argument) {
      case 'source_dir': {
        const isThere = file !== undefined && [...this.names.files].some((name) => name.startsWith(`${file}/`));
        return isThere ? undefined : `a folder of this stack, "${MODULE}assets/…"`;
      }
      case 'output_path':
        return /^\.build\/[\w.-]+\.zip$/.test(hidden(value)) ? undefined : `"${MODULE}.build/NAME.zip"`;
      case 'type':
        return value === 'zip' ? undefined : '"zip"';
      default:
        return /^0?[0-7]{3}$/.test(String(value)) ? undefined : 'three octal digits';
    }
  }

  folderPath(text: string): string | undefined {
    const expression = parsed(text, [], this.refusals);
    return expression && pathInFolder(expression);
  }

  meta(name: string, value: unknown, place: Place): void {
    if (name === 'provider') this.text(value, place, PROVIDER, 'the name of a provider');
    else if (name === 'depends_on') this.texts(value, place, ADDRESS, 'addresses');
    else {
      for (const block of listed(value)) {
        for (const [member, inner] of this.members(block, place, LIFECYCLE)) {
          this.lifecycle(member, inner, [...place, member]);
        }
      }
    }
  }

  lifecycle(name: string, value: unknown, place: Place): void {
    if (name === 'precondition') {
      for (const block of listed(value)) {
        for (const [member, inner] of this.members(block, place, ['condition', 'error_message'])) {
          const here = [...place, member];
          if (member === 'condition') checkCondition(inner, here, this.names, this.refusals);
          else this.value(inner, here);
        }
      }
    } else if (name === 'ignore_changes' || name === 'replace_triggered_by') {
      if (value !== 'all') this.texts(value, place, name === 'ignore_changes' ? ATTRIBUTE : ADDRESS, 'names');
    } else if (typeof value !== 'boolean') this.refusals.add(place, kind(value), 'true or false');
  }

  variable(name: string, body: unknown, place: Place): void {
    for (const [member, value] of this.members(body, place, OF_VARIABLE)) {
      const here = [...place, member];
      if (member === 'type') this.text(value, here, TYPE, 'a simple type, such as string or list(string)');
      else checkLiteral(value, here, this.refusals);
    }
    if (this.names.ephemeralVariables.has(name) || this.names.plainVariables.has(name)) return;
    this.refusals.add(
      place,
      'a variable that is not ephemeral',
      '"ephemeral": true, or its name under "variable" in rotaform.allow.json of the base branch',
    );
  }

  output(body: unknown, place: Place): void {
    for (const [member, value] of this.members(body, place, OF_OUTPUT)) {
      const here = [...place, member];
      if (member === 'depends_on') this.texts(value, here, ADDRESS, 'addresses');
      else this.value(value, here);
    }
  }

  moved(block: unknown, place: Place, section: string): void {
    const members = { moved: ['//', 'from', 'to'], removed: ['//', 'from', 'lifecycle'], import: ['//', 'id', 'to'] };
    for (const [member, value] of this.members(block, place, members[section as keyof typeof members] ?? [])) {
      const here = [...place, member];
      if (member === 'from' || member === 'to') this.text(value, here, ADDRESS, 'an address');
      else if (member === 'id') checkLiteral(value, here, this.refusals);
      else {
        for (const inner of listed(value)) {
          for (const [name, flag] of this.members(inner, here, ['destroy'])) {
            if (typeof flag !== 'boolean') this.refusals.add([...here, name], kind(flag), 'true or false');
          }
        }
      }
    }
  }

  /** The arguments of a body, those that are not allowed having been refused: those within blocks, too. */
  arguments(body: unknown, place: Place, allowed: readonly string[], meta: readonly string[]): [string, unknown][] {
    const tops = [...new Set(allowed.map((name) => name.split('.')[0] ?? ''))];
    const members = this.members(body, place, [...meta, ...tops]);
    for (const [name, value] of members) {
      if (!meta.includes(name)) this.nested(value, [...place, name], name, allowed);
    }
    return members;
  }

  nested(value: unknown, place: Place, name: string, allowed: readonly string[]): void {
    if (allowed.includes(`${name}.*`)) return;
    if (Array.isArray(value)) {
      for (const member of value) this.nested(member, place, name, allowed);
    } else if (typeof value === 'object' && value !== null) {
      const inner = allowed.filter((each) => each.startsWith(`${name}.`)).map((each) => each.slice(name.length + 1));
      const tops = [...new Set(inner.map((each) => each.split('.')[0] ?? ''))];
      for (const [member, own] of this.members(value, place, tops)) {
        this.nested(own, [...place, member], `${name}.${member}`, allowed);
      }
    }
  }

  /** The members of an object, those that are not on a list having been refused. */
  members(body: unknown, place: Place, allowed: readonly string[], what = 'members'): [string, unknown][] {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      this.refusals.add(place, kind(body), 'an object');
      return [];
    }
    return Object.entries(body as Members).filter(([name, value]) => {
      if (name === '//' && allowed.includes(name)) {
        checkLiteral(value, [...place, name], this.refusals);
        return false;
      }
      if (allowed.includes(name)) return true;
      const known = allowed.filter((each) => each !== '//');
      this.refusals.add([...place, name], `${shown(name)}, which is not on the list`, listing(known, what));
      return false;
    });
  }

  named(body: unknown, place: Place): [string, unknown][] {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      this.refusals.add(place, kind(body), 'an object');
      return [];
    }
    return Object.entries(body).filter(([name]) => {
      if (BLOCK_NAME.test(name)) return true;
      this.refusals.add([...place, name], 'another name', 'a name of letters, digits, - and _');
      return false;
    });
  }

  value(value: unknown, place: Place): void {
    checkValue(value, place, this.names, this.refusals);
  }

  text(value: unknown, place: Place, pattern: RegExp, expected: string): void {
    if (typeof value !== 'string' || !pattern.test(value)) this.refusals.add(place, 'something else', expected);
  }

  texts(value: unknown, place: Place, pattern: RegExp, expected: string): void {
    if (!Array.isArray(value)) this.refusals.add(place, kind(value), `a list of ${expected}`);
    else for (const each of value) this.text(each, place, pattern, `a list of ${expected}`);
  }
}

/** Arguments of AWS's resources that name a file of the machine that runs Terraform. */
function readsFile(type: string, argument: string): boolean {
  return /^(filename|zip_file)$/.test(argument) || (argument === 'source' && /^aws_s3(_bucket)?_object$/.test(type));
}

function isArchive(value: unknown): boolean {
  return typeof value === 'string' && /^\$\{data\.archive_file\.[\w-]+\.output_path\}$/.test(value);
}

/** The rest of a path in the stack's folder, whose parts may begin with a dot. */
function hidden(value: unknown): string {
  return typeof value === 'string' && value.startsWith(MODULE) ? value.slice(MODULE.length) : '';
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function listing(names: readonly string[], what: string): string {
  if (names.length === 0) return 'nothing';
  return names.length > 12 ? `the ${what} that docs/ci.md lists` : names.join(', ');
}

function sameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson(Reflect.get(one, key), Reflect.get(other, key)))
  );
}
