/** The values of a stack's variables: those given, else those in the environment as Terraform reads them, `TF_VAR_name`. */
export function terraformVariables(
  stack: unknown,
  given: Readonly<Record<string, string>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const { variable = {} } = stack as { variable?: Record<string, unknown> };
  return Object.fromEntries(
    Object.keys(variable).flatMap((name) => {
      const value = given[name] ?? environment[`TF_VAR_${name}`];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
