import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, Fn, LocalBackend, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { readStackJson, type StackJson } from '../stack-json.ts';
import { type Kind, sites } from './sites.ts';

/** cdktf does not find the number there, and would print another one. */
export const NUMBER_IN_TEXT = 'a number in a text';

/** The references of one stack. */
class References {
  readonly #text: TerraformVariable;
  readonly #number: TerraformVariable;
  readonly #flag: TerraformVariable;
  readonly #list: TerraformVariable;
  readonly #map: TerraformVariable;
  readonly #any: TerraformVariable;
  readonly #region: DataAwsRegion;

  constructor(stack: TerraformStack) {
    const variable = (id: string, type: string) => new TerraformVariable(stack, id, { type });
    this.#text = variable('ref_text', 'string');
    this.#number = variable('ref_number', 'number');
    this.#flag = variable('ref_flag', 'bool');
    this.#list = variable('ref_list', 'list(string)');
    this.#map = variable('ref_map', 'map(string)');
    this.#any = variable('ref_any', 'any');
    this.#region = new DataAwsRegion(stack, 'ref_region');
  }

  /** Each reference of a kind, with a part of the expression that it becomes. */
  of(kind: Kind): readonly (readonly [how: string, value: unknown, expression: string])[] {
    const text = this.#text.stringValue;
    const byKind: Readonly<Record<Kind, readonly (readonly [string, unknown, string])[]>> = {
      text: [
        ['a variable', text, 'var.ref_text'],
        ['an attribute', this.#region.id, 'data.aws_region.ref_region.id'],
        ['a function', Token.asString(Fn.upper(text)), 'upper(var.ref_text)'],
        ['a part of a text', `before-${text}-after`, 'var.ref_text'],
        [NUMBER_IN_TEXT, `before-${this.#number.numberValue}`, 'var.ref_number'],
      ],
      number: [
        ['a variable', this.#number.numberValue, 'var.ref_number'],
        ['a function', Token.asNumber(Fn.abs(this.#number.numberValue)), 'abs(var.ref_number)'],
      ],
      flag: [['a variable', this.#flag.booleanValue, 'var.ref_flag']],
      list: [
        ['a variable', this.#list.listValue, 'var.ref_list'],
        ['a member', [text], 'var.ref_text'],
        ['a function', Fn.split(',', text), 'split(\\",\\", var.ref_text)'],
      ],
      numbers: [
        ['a list', Token.asNumberList(this.#any.value), 'var.ref_any'],
        ['a member', [this.#number.numberValue], 'var.ref_number'],
      ],
      map: [
        ['a variable', Token.asStringMap(this.#map.value), 'var.ref_map'],
        ['a value', { Team: text }, 'var.ref_text'],
      ],
      object: [['a map', Token.asAnyMap(this.#any.value), 'var.ref_any']],
    };
    return [...byKind[kind], ['any value', this.#any.value, 'var.ref_any']];
  }
}

export interface Case {
  readonly option: string;
  readonly how: string;
  readonly id: string;
  readonly expression: string;
  readonly refusal: Error | undefined;
}

/** Every option with every kind of reference, in one stack. */
export class Everything {
  readonly cases: Case[] = [];
  readonly #app: App;
  readonly #stack: TerraformStack;

  constructor(outdir: string, before: (stack: TerraformStack) => void = () => {}) {
    // Whether a first value is ephemeral is another question.
    this.#app = new App({ outdir, skipValidation: true });
    this.#stack = new TerraformStack(this.#app, 'references');
    before(this.#stack);
    new AwsProvider(this.#stack, 'aws', { region: 'us-east-1' });
    new ArchiveProvider(this.#stack, 'archive');
    new LocalBackend(this.#stack, { path: 'terraform.tfstate' });
    const references = new References(this.#stack);
    const attempts = new TerraformStack(new App({ outdir: `${outdir}/attempts` }), 'attempts');
    for (const [owner, { declare, options }] of Object.entries(sites)) {
      for (const [option, kind] of Object.entries(options)) {
        for (const [how, value, expression] of references.of(kind)) {
          const id = `case${this.cases.length}`;
          const refusal = refusalOf(() => declare(new Construct(attempts, id), `app/${id}`, { [option]: value }));
          this.cases.push({ option: `${owner}.${option}`, how, id, expression, refusal });
          if (refusal === undefined) declare(new Construct(this.#stack, id), `app/${id}`, { [option]: value });
        }
      }
    }
  }

  synth(): StackJson {
    this.#app.synth();
    return readStackJson(readFileSync(path.join(this.#app.outdir, 'stacks/references/cdk.tf.json'), 'utf8'));
  }
}

function refusalOf(declare: () => void): Error | undefined {
  try {
    declare();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
