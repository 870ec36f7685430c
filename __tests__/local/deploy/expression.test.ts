// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../local/deploy/expression/evaluate.ts';
import { parseValue } from '../../../local/deploy/expression/parse-value.ts';
import { Scope } from '../../../local/deploy/scope.ts';

const scope = new Scope('stacks/turn', {
  user: 'reader',
  size: 3,
  nothing: null,
  quoted: 'say "hi"',
  list: ['a', 'b'],
});
scope.add('aws_secretsmanager_secret.turn', { arn: 'arn:turn', rules: [{ days: 30 }], tags: { 'the key': 'kept' } });
scope.add('data.aws_region.here', { name: 'us-east-1' });

const evaluated = (value: unknown) => evaluate(parseValue(value), scope.resolve);

describe('an expression', () => {
  it.each([
    ['plain text', 'plain text', 'plain text'],
    ['an empty text', '', ''],
    ['a lone dollar or percent', 'a $5 % {b} $', 'a $5 % {b} $'],
    ['a backslash outside quotes', 'C:\\new', 'C:\\new'],
    ['escaped interpolation and directive', '$${a} %%{b} $$${c}', '${a} %{b} $${c}'],
    ['a reference', '${aws_secretsmanager_secret.turn.arn}', 'arn:turn'],
    ['a reference to data', '${data.aws_region.here.name}', 'us-east-1'],
    ['spaces inside the braces', '${ var.user }', 'reader'],
    ['text around references', 'a-${var.user}-${data.aws_region.here.name}-z', 'a-reader-us-east-1-z'],
    ['a number in text', 'n=${var.size}', 'n=3'],
    ['path.module', '${path.module}/assets', 'stacks/turn/assets'],
    ['a list index', '${aws_secretsmanager_secret.turn.rules[0].days}', 30],
    ['a key index', '${aws_secretsmanager_secret.turn.tags["the key"]}', 'kept'],
    ['an index of a variable', '${var.list[1]}', 'b'],
    ['an attribute of each member of a list', '${aws_secretsmanager_secret.turn.rules[*].days}', [30]],
    ['null', '${null}', null],
    ['a variable that is null', '${var.nothing}', null],
    ['literals', '${[1, -1.5, 2e3, true, false, null, "x"]}', [1, -1.5, 2000, true, false, null, 'x']],
    ['an object, both spellings', '${{a = 1, "b" : [{}], c = [],}}', { a: 1, b: [{}], c: [] }],
    ['a quoted template', '${"<${var.user}> \\"q\\" \\\\ \\u00e9 \\U0001F511 $${x}"}', '<reader> "q" \\ é 🔑 ${x}'],
    ['a template in a template', '${"a${"b${var.user}"}"}', 'abreader'],
    ['nested JSON', { '${var.user}': [1, '${var.size}'], '//': 'left out' }, { reader: [1, 3] }],
  ])('may be %s', (_what, written, expected) => {
    expect(evaluated(written)).toEqual(expected);
  });

  it('keeps the type of a single interpolation, and makes text of several', () => {
    expect(evaluated('${var.size}')).toBe(3);
    expect(evaluated('${var.size}${var.size}')).toBe('33');
  });
});

describe('jsonencode', () => {
  it("reads what CDKTF's Fn.jsonencode prints", () => {
    const printed =
      '${jsonencode({"user" = var.user, "text" = "arn:${var.user}-é\\t", "n" = [1, 1.5, true, {"a" = var.size}], "e" = {}, "l" = []})}';
    expect(evaluated(printed)).toBe(
      '{"e":{},"l":[],"n":[1,1.5,true,{"a":3}],"text":"arn:reader-é\\t","user":"reader"}',
    );
  });

  it('writes the same bytes as Terraform: keys in order, and <, > and & escaped', () => {
    expect(evaluated('${jsonencode({"b" = "<a&b>", "10" = var.nothing, "2" = var.quoted})}')).toBe(
      '{"10":null,"2":"say \\"hi\\"","b":"\\u003ca\\u0026b\\u003e"}',
    );
  });
});

describe('contains', () => {
  it.each([
    ['a member', '${contains(["a", var.user], "reader")}', true],
    ['a member inside text', '${contains(["<${var.user}>"], "<reader>")}', true],
    ['no member', '${contains(var.list, var.user)}', false],
    ['nothing', '${contains([], "")}', false],
    ['an object', '${contains([{a = 1}], {"a" = 1})}', true],
  ])('finds %s', (_what, written, expected) => {
    expect(evaluated(written)).toBe(expected);
  });
});

describe('coalesce, try and can', () => {
  it.each([
    ['the value that is neither null nor empty', '${coalesce(var.nothing, "", var.user)}', 'reader'],
    ['the argument that can be evaluated', '${try(coalesce(var.nothing), "a${var.nothing}", var.list[2], "")}', ''],
    ['null, which is a value', '${try(var.nothing, "")}', null],
    ['that an argument can be evaluated', '${can(var.list[1])}', true],
    ['that no argument can be evaluated', '${can(try(coalesce(""), var.list[2]))}', false],
  ])('find %s', (_what, written, expected) => {
    expect(evaluated(written)).toBe(expected);
  });
});

describe('the refusal of an expression names', () => {
  it.each([
    [
      'another function',
      '${upper(var.user)}',
      'UNSUPPORTED',
      'the function "upper" is not supported by the local deploy.',
    ],
    ['too few arguments', '${contains(var.list)}', 'STACK', 'contains() is given 1 arguments; expected 2'],
    ['a search in text', '${contains(var.user, "r")}', 'VALUE', 'the first argument of contains() is not a list'],
    ['a search for null', '${contains(var.list, null)}', 'VALUE', 'the second argument of contains() is null'],
    ['nothing to fall back on', '${coalesce(var.nothing, "")}', 'VALUE', 'every argument of coalesce() is null'],
    ['what cannot be tried', '${try(var.list[2])}', 'VALUE', 'no argument of try() can be evaluated'],
    ['an operator', '${var.size + 1}', 'UNSUPPORTED', 'the operator "+"'],
    ['a comparison', '${var.size == 1}', 'UNSUPPORTED', 'the operator "=="'],
    ['a condition', '${true ? 1 : 2}', 'UNSUPPORTED', 'the operator "?"'],
    ['a negation', '${!var.user}', 'UNSUPPORTED', 'the operator "!"'],
    ['parentheses', '${(1)}', 'UNSUPPORTED', 'the operator "("'],
    ['an attribute splat', '${var.list.*.name}', 'UNSUPPORTED', 'the splat operator ".*"'],
    ['an attribute that a member does not have', '${var.list[*].name}', 'REFERENCE', '"var.list.*" has no "name"'],
    ['each member of something that is not a list', '${var.user[*]}', 'REFERENCE', '"var.user" has no "*"'],
    ['a computed index', '${var.list[var.size]}', 'UNSUPPORTED', 'the operator "["'],
    ['a list comprehension', '${[for x in var.list : x]}', 'UNSUPPORTED', 'a "for" expression'],
    ['an object comprehension', '${{for x in var.list : x => x}}', 'UNSUPPORTED', 'a "for" expression'],
    ['a heredoc', '${<<EOT\nx\nEOT\n}', 'UNSUPPORTED', 'the operator "<<"'],
    ['a directive', '%{if true}a%{endif}', 'UNSUPPORTED', 'the template directive "%{"'],
    ['a strip marker', '${~ var.user}', 'UNSUPPORTED', 'the strip marker "~"'],
    ['local values', '${local.a}', 'UNSUPPORTED', '"local" is not supported'],
    ['each', '${each.key}', 'UNSUPPORTED', '"each" is not supported'],
    ['another path', '${path.root}', 'UNSUPPORTED', '"path.root" is not supported'],
    ['a resource that does not exist', '${aws_iam_role.none.arn}', 'REFERENCE', '"aws_iam_role.none" is not declared'],
    [
      'an attribute that does not exist',
      '${aws_secretsmanager_secret.turn.nope}',
      'REFERENCE',
      '"aws_secretsmanager_secret.turn" has no "nope"',
    ],
    ['a variable that does not exist', '${var.none}', 'REFERENCE', '"var" has no "none"'],
    ['an index beyond the end', '${var.list[2]}', 'REFERENCE', '"var.list" has no "2"'],
    ['null in text', 'a${var.nothing}', 'VALUE', 'built from null'],
    ['a list in text', 'a${var.list}', 'VALUE', 'built from a list'],
    ["CDKTF's null in a list", '${jsonencode([1, , 2])}', 'STACK', 'a value is missing before a comma'],
    ['a string over two lines', '${"a\nb"}', 'STACK', 'continues past the end of its line'],
    ['an unknown escape', '${"\\q"}', 'STACK', 'an escape that Terraform does not know'],
    ['an open brace', '${var.user', 'STACK', 'an expression does not end'],
    ['two values in a row', '${var.user var.size}', 'STACK', 'not closed where it should be'],
  ])('%s', (_what, written, code, message) => {
    expect(() => evaluated(written)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
