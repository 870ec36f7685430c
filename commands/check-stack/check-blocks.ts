import type { Expression } from '../../local/deploy/expression/expression.ts';
import { page } from '../../rules/page.ts';
import {
  type Allowed,
  type ArgumentsByType,
  LIFECYCLE,
  META_ARGUMENTS,
  OF_CONDITION,
  OF_OUTPUT,
  OF_VARIABLE,
  SECTIONS,
} from './allowed.ts';
import {
  checkCondition,
  checkLiteral,
  checkValue,
  isType,
  MODULE,
  type Names,
  parsed,
  pathInFolder,
} from './check-value.ts';
import { MOST_PARTS, partsOfLocals } from './locals-size.ts';
import { isNever } from './own-list.ts';
import { type Place, Refusals, shown } from './refusals.ts';
import { isWithin } from './version-range.ts';

const BLOCK_NAME = /^[A-Za-z_][\w-]*$/;
const MODULES = /^(module\.[A-Za-z_][\w-]*(\[(\d+|"[\w./-]+")\])?\.)+/;
const ADDRESS = /^((data|ephemeral)\.)?[a-z0-9_]+\.[A-Za-z_][\w-]*(\[(\d+|"[\w./-]+")\])?$/;
/** What the replacement of another resource follows: a resource, or one of its attributes. */
const TRIGGER = /^[a-z0-9_]+(\.[A-Za-z_][\w-]*(\[(\d+|"[\w./-]+")\])?)+$/;
const ATTRIBUTE = /^[a-z0-9_]+(\.[\w-]+|\[\d+\])*$/;
const PROVIDER = /^[a-z0-9_]+(\.[\w-]+)?$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;
const VERSION = /^[\d.<>=~!, ]+$/;
/** Maps of a provider whose keys are names of the stack's own. */
const OF_OWN_NAMES = /(^|[._])(tags|variables|labels|annotations)$/;

type Members = Readonly<Record<string, unknown>>;

/** Checks every block of a stack's file. */
export function checkBlocks(stack: unknown, allowed: Allowed, files: ReadonlySet<string>, refusals: Refusals): void {
  new BlockCheck(allowed, namesOf(stack, allowed, files), refusals).stack(stack);
}

function namesOf(stack: unknown, allowed: Allowed, files: ReadonlySet<string>): Names {
  const variables = Object.entries(Object(Object(stack).variable)).map(([name, body]): [string, Members] => [
    name,
    Object(body),
  ]);
  const ephemeral = variables.filter(([, body]) => body.ephemeral === true).map(([name]) => name);
  return {
    ephemeralVariables: new Set(ephemeral),
    plainVariables: new Set(allowed.variable.filter((name) => !ephemeral.includes(name))),
    sensitiveVariables: new Set(
      variables
        .filter(([, { sensitive = false, ephemeral }]) => sensitive !== false && ephemeral !== true)
        .map(([name]) => name),
    ),
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
    if (this.allowed.exactBackend !== undefined && Object(Object(stack).terraform).backend === undefined) {
      this.refusals.add(['terraform', 'backend'], 'no backend', 'what rotaform.allow.json of the base branch says');
    }
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
          this.localsSize(body, place);
          break;
        default:
          for (const [index, block] of listed(body).entries()) this.moved(block, [...place, String(index)], section);
      }
    }
  }

  localsSize(body: unknown, place: Place): void {
    const locals = this.named(body, place).map(([name, value]) => [name, expressionsOf(value)] as const);
    for (const [name, size] of partsOfLocals(new Map(locals))) {
      if (size <= MOST_PARTS) continue;
      this.refusals.add([...place, name], `locals that make more than ${MOST_PARTS} parts of each other`, 'fewer');
      return;
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
          if (sameJson(source, expected) || isNarrower(source, expected)) continue;
          this.refusals.add([...here, provider], 'another source or version', JSON.stringify(expected));
        }
      }
    }
  }

  backend(body: unknown, place: Place): void {
    const [settings, ...others] = Object.values(Object(body));
    if (others.length > 0 || Object.keys(Object(settings)).length === 0) {
      this.refusals.add(place, 'a backend that is empty, or more than one', 'one backend, with its settings');
    }
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
          if (argument === 'assume_role') this.assumed(value, [...here, argument]);
        }
      }
    }
  }

  /** Whoever chooses the role chooses whose account the plan asks, and what it may do there. */
  assumed(value: unknown, place: Place): void {
    const { assumedRoles = [] } = this.allowed;
    // Where a list names the argument alone, its owner lets the stack choose.
    if (assumedRoles.length === 0) return;
    for (const block of listed(value)) {
      if (assumedRoles.includes(Object(block).role_arn)) continue;
      this.refusals.add([...place, 'role_arn'], 'another role', 'those under "assume_role" in rotaform.allow.json');
    }
  }

  typed(body: unknown, place: Place, types: ArgumentsByType): void {
    for (const [type, blocks] of this.members(body, place, Object.keys(types), 'types')) {
      for (const [name, block] of this.named(blocks, [...place, type])) {
        const here = [...place, type, name];
        const own = types[type] ?? [];
        if (type === 'aws_secretsmanager_secret_policy') this.secretPolicy(block, here);
        for (const [argument, value] of this.arguments(block, here, own, META_ARGUMENTS)) {
          if (META_ARGUMENTS.includes(argument)) this.meta(argument, value, [...here, argument]);
          else this.argument(type, argument, value, [...here, argument]);
          // The AWS provider makes a host of it.
          if (argument === 'region') this.text(value, [...here, argument], REGION, 'the name of a region');
        }
      }
    }
  }

  /** AWS refuses a policy that lets in everybody only where it is told to. */
  secretPolicy(block: unknown, place: Place): void {
    if (this.allowed.publicPolicies || Object(block).block_public_policy === true) return;
    this.refusals.add([...place, 'block_public_policy'], 'a policy that may let in everybody', 'true');
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
    if (name === 'precondition') this.conditions(value, place);
    else if (name === 'ignore_changes' || name === 'replace_triggered_by') {
      if (value !== 'all') this.texts(value, place, name === 'ignore_changes' ? ATTRIBUTE : TRIGGER, 'names');
    } else if (typeof value !== 'boolean') this.refusals.add(place, kind(value), 'true or false');
  }

  conditions(value: unknown, place: Place): void {
    for (const block of listed(value)) {
      for (const [member, inner] of this.members(block, place, OF_CONDITION)) {
        const here = [...place, member];
        if (member === 'condition') checkCondition(inner, here, this.names, this.refusals);
        else this.value(inner, here);
      }
    }
  }

  variable(name: string, body: unknown, place: Place): void {
    for (const [member, value] of this.members(body, place, OF_VARIABLE)) {
      const here = [...place, member];
      if (member === 'type') {
        if (!isType(value))
          this.refusals.add(here, 'something else', 'a type, such as string or object({ name = string })');
      } else if (member === 'validation') this.conditions(value, here);
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
      else if (member === 'precondition') this.conditions(value, here);
      else this.value(value, here);
    }
  }

  moved(block: unknown, place: Place, section: string): void {
    const members = {
      moved: ['//', 'from', 'to'],
      removed: ['//', 'from', 'lifecycle'],
      import: ['//', 'id', 'provider', 'to'],
    };
    for (const [member, value] of this.members(block, place, members[section as keyof typeof members] ?? [])) {
      const here = [...place, member];
      // A module that a stack no longer has may be where a resource comes from.
      const address = member === 'from' && typeof value === 'string' ? value.replace(MODULES, '') : value;
      if (member === 'from' || member === 'to') this.text(address, here, ADDRESS, 'an address');
      else if (member === 'provider') this.text(value, here, PROVIDER, 'the name of a provider');
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
    if (allowed.includes(`${name}.*`)) {
      if (!OF_OWN_NAMES.test(name)) this.neverNamed(value, place);
      return;
    }
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

  /** What a list allows by `*` runs and reads as little as what it names. */
  neverNamed(value: unknown, place: Place): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (!Array.isArray(value) && isNever(key)) {
        this.refusals.add([...place, key], `${shown(key)}, which no list can allow`, 'arguments that run nothing');
      }
      this.neverNamed(member, [...place, key]);
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

/** Every expression of a value that is read; what is not has been refused. */
function expressionsOf(value: unknown): Expression[] {
  if (typeof value === 'string') return [parsed(value, [], new Refusals('')) ?? []].flat();
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsOf) : [];
}

/** The source that is allowed, of fewer versions: CDKTF's bindings write an exact one. */
function isNarrower(source: unknown, expected: { source: string; version: string } | undefined): boolean {
  const { source: name, version, ...others } = Object(source) as Record<string, unknown>;
  if (expected === undefined || Object.keys(others).length > 0) return false;
  return name === expected.source && typeof version === 'string' && isWithin(version, expected.version);
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function listing(names: readonly string[], what: string): string {
  if (names.length === 0) return 'nothing';
  return names.length > 12 ? `the ${what} that ${page('check-stack.md')} lists` : names.join(', ');
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
