/**
 * The conditions of a variable's validations, about `value` instead of the variable, and the constant that they compare with.
 * @param text a file of a module, formatted by `terraform fmt`
 */
export function conditionsOf(
  text: string,
  variable: string,
): { readonly conditions: string[]; readonly locals: string } {
  const [block = ''] = new RegExp(`^variable "${variable}" \\{$[\\s\\S]*?^\\}$`, 'm').exec(text) ?? [];
  const conditions = [...block.matchAll(/^ {4}condition +=([\s\S]*?)^ {4}error_message/gm)].map(([, condition = '']) =>
    condition.trim().replaceAll(new RegExp(`\\bvar\\.${variable}\\b`, 'g'), 'value'),
  );
  // What another variable decides is another question.
  const own = conditions.filter((condition) => !/\bvar\./.test(condition));
  if (own.length === 0) throw new Error(`The variable ${variable} has no validation.`);
  const [types = ''] = /^ {2}types = \{$[\s\S]*?^ {2}\}$/m.exec(text) ?? [];
  return {
    conditions: own.map((condition) => condition.replaceAll('lookup(local.schedule_forms, "cron")', '".*"')),
    locals: types,
  };
}
