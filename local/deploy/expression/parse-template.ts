import { DeployError } from '../deploy-error.ts';
import type { Expression, ReferencePath } from './expression.ts';
import { functions, type TerraformFunction } from './functions.ts';

/**
 * Reads a string in Terraform's JSON: text with `${…}` in it. If the string is a single interpolation, its value keeps its type.
 *
 * Inside `${…}` it knows references with `.attribute`, `[index]` and `[*]`, literals, quoted templates, `[…]`, `{…}` and
 * calls of the known functions.
 *
 * @throws UNSUPPORTED any other function, operator, directive or construct, by its name.
 * @param find the function of a name, or undefined if there is none
 * @param operator what an operator, `a ? b : c`, `.*` and an index of any value are read as: a call of it with their
 *   operands. If absent, they are unsupported.
 * @throws STACK it is not a Terraform expression.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function parseTemplate(
  text: string,
  find: FindFunction = (name) => functions.get(name),
  operator?: TerraformFunction,
): Expression {
  return new Parser(text, find, operator).template();
}

type FindFunction = (name: string) => TerraformFunction | undefined;

const DEEPEST = 100;
const OPERATOR = /==|!=|<=|>=|&&|\|\||[-+*/%<>](?![<])/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const CONSTANTS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class Parser {
  #position = 0;
  #depth = 0;

  constructor(
    private readonly text: string,
    private readonly find: FindFunction,
    private readonly operator: TerraformFunction | undefined,
  ) {}

  /** Reads to the end of the text, or to the closing quote of a quoted template. */
  template(quoted = false): Expression {
    const parts: Expression[] = [];
    let literal = '';
    const endLiteral = () => {
      if (literal) parts.push({ kind: 'literal', value: literal });
      literal = '';
    };
    while (this.#position < this.text.length && !(quoted && this.#sees('"'))) {
      if (this.#take('$${')) literal += '${';
      else if (this.#take('%%{')) literal += '%{';
      else if (this.#sees('%{')) throw unsupported('the template directive "%{"');
      else if (this.#take('${')) {
        endLiteral();
        parts.push(this.#interpolation());
      } else if (quoted && this.#sees('\n')) throw malformed('a quoted string continues past the end of its line');
      else if (quoted && this.#take('\\')) literal += this.#escape();
      else literal += this.#next();
    }
    endLiteral();
    const [only] = parts;
    if (!only) return { kind: 'literal', value: '' };
    return parts.length === 1 ? only : { kind: 'template', parts };
  }

  #interpolation(): Expression {
    if (this.#sees('~')) throw unsupported('the strip marker "~"');
    const expression = this.#expression();
    this.#expect('}');
    return expression;
  }

  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw malformed(`an expression has more than ${DEEPEST} levels`);
    const operand = this.#operand();
    const expression = this.operator === undefined ? operand : this.#operated(operand, this.operator);
    this.#depth -= 1;
    return expression;
  }

  /** Operators bind alike here: who asks for them asks what they are given, not what they make of it. */
  #operated(first: Expression, operator: TerraformFunction): Expression {
    const operands = [first];
    for (;;) {
      this.#skipSpace();
      if (this.#take('?')) {
        operands.push(this.#expression());
        this.#expect(':');
      } else if (this.#match(OPERATOR) === undefined) break;
      operands.push(this.#operand());
    }
    return operands.length === 1 ? first : { kind: 'call', function: operator, arguments: operands };
  }

  #operand(): Expression {
    this.#skipSpace();
    if (this.operator === undefined) return this.#plainOperand();
    if (this.#match(/[!-](?!\d)/y)) {
      this.#depth += 1;
      if (this.#depth > DEEPEST) throw malformed(`an expression has more than ${DEEPEST} levels`);
      const operand = this.#operand();
      this.#depth -= 1;
      return { kind: 'call', function: this.operator, arguments: [operand] };
    }
    const grouped = this.#take('(');
    const operand = grouped ? this.#expression() : this.#plainOperand();
    if (grouped) this.#expect(')');
    return this.#indexed(operand, this.operator);
  }

  /** What follows a value: `.name`, `.*`, `[*]` and `[index]`. */
  #indexed(value: Expression, operator: TerraformFunction): Expression {
    const operands = [value];
    let isPart = false;
    for (;;) {
      if (this.#match(/\.[A-Za-z_][\w-]*|\.\*|\[\*\]/y)) isPart = true;
      else if (this.#take('[')) {
        operands.push(this.#expression());
        this.#expect(']');
      } else break;
    }
    return isPart || operands.length > 1 ? { kind: 'call', function: operator, arguments: operands } : value;
  }

  #plainOperand(): Expression {
    if (this.#take('"')) {
      const template = this.template(true);
      this.#expect('"');
      return template;
    }
    if (this.#take('[')) return { kind: 'list', items: this.#until(']', () => this.#expression()) };
    if (this.#take('{')) return { kind: 'object', entries: this.#until('}', () => this.#entry()) };
    const number = this.#match(/-?\d+(\.\d+)?([eE][-+]?\d+)?/y);
    if (number) return { kind: 'literal', value: Number(number) };
    const name = this.#match(/[A-Za-z_][\w-]*/y);
    if (!name) throw this.#unexpected();
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return { kind: 'literal', value: constant };
    return this.#sees('(') ? this.#call(name) : { kind: 'reference', path: this.#path(name) };
  }

  #call(name: string): Expression {
    const known = this.find(name);
    if (!known) throw unsupported(`the function "${name}"`);
    this.#expect('(');
    const values = this.#until(')', () => this.#expression());
    if (known.parameters !== undefined && values.length !== known.parameters) {
      throw malformed(`${name}() is given ${values.length} arguments; expected ${known.parameters}`);
    }
    return { kind: 'call', function: known, arguments: values };
  }

  #entry(): readonly [Expression, Expression] {
    const name = this.#match(/[A-Za-z_][\w-]*/y);
    if (name === 'for') throw unsupported('a "for" expression');
    const key: Expression = name ? { kind: 'literal', value: name } : this.#expression();
    this.#skipSpace();
    if (!this.#take(':')) this.#expect('=');
    return [key, this.#expression()];
  }

  /** The comma-separated members before the closing bracket. A comma may follow the last one. */
  #until<Member>(close: string, member: () => Member): Member[] {
    const members: Member[] = [];
    this.#skipSpace();
    if (this.#match(/for(?=\s)/y)) throw unsupported('a "for" expression');
    while (!this.#take(close)) {
      members.push(member());
      this.#skipSpace();
      if (!this.#take(',') && !this.#sees(close)) throw this.#unexpected();
      this.#skipSpace();
    }
    return members;
  }

  #path(root: string): ReferencePath {
    const path: (string | number)[] = [root];
    for (;;) {
      if (this.#take('.*')) {
        if (this.operator === undefined) throw unsupported('the splat operator ".*"');
        path.push('*');
        continue;
      }
      if (this.#take('[*]')) {
        path.push('*');
        continue;
      }
      const name = this.#match(/\.[A-Za-z_][\w-]*/y);
      if (name) {
        path.push(name.slice(1));
        continue;
      }
      const index = this.#match(/\[(\d+|"[^"\\$%\p{Cc}]*")\]/uy)?.slice(1, -1);
      if (index === undefined) return path;
      path.push(index.startsWith('"') ? index.slice(1, -1) : Number(index));
    }
  }

  #escape(): string {
    const unicode = this.#match(/u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
    if (unicode) {
      const character = Number.parseInt(unicode.slice(1), 16);
      if (character <= 0x10ffff) return String.fromCodePoint(character);
      throw malformed('a quoted string has an escape of a character that does not exist');
    }
    const escaped = ESCAPES[this.#next()];
    if (escaped === undefined) throw malformed('a quoted string has an escape that Terraform does not know');
    return escaped;
  }

  #sees(token: string): boolean {
    return this.text.startsWith(token, this.#position);
  }

  #take(token: string): boolean {
    const seen = this.#sees(token);
    if (seen) this.#position += token.length;
    return seen;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const [found] = pattern.exec(this.text) ?? [];
    this.#position += found?.length ?? 0;
    return found;
  }

  #next(): string {
    const character = this.text.charAt(this.#position);
    this.#position += 1;
    return character;
  }

  #skipSpace(): void {
    this.#match(/\s*/y);
  }

  #expect(token: string): void {
    this.#skipSpace();
    if (!this.#take(token)) throw this.#unexpected();
  }

  #unexpected(): DeployError {
    const operator = this.#match(/==|!=|<=|>=|&&|\|\||\.\.\.|<<|[-+*/%<>?:!([.]/y);
    if (operator) return unsupported(`the operator "${operator}"`);
    if (this.#sees(',')) {
      return malformed('a value is missing before a comma (Fn.jsonencode of CDKTF prints a null in a list as nothing)');
    }
    return malformed(
      this.#position < this.text.length
        ? 'an expression is not closed where it should be'
        : 'an expression does not end',
    );
  }
}

function unsupported(what: string): DeployError {
  return new DeployError('UNSUPPORTED', `${what} is not supported by the local deploy.`);
}

function malformed(what: string): DeployError {
  return new DeployError('STACK', `${what}.`);
}
