/** What the names of secrets are made of in AWS. */
const NAME = /^[\w/+=.@-]{1,512}$/;
/** Room for the names of what a secret needs beside it: `NAME-administrator`. */
const LONGEST_NAME = 498;
/** So ends the ARN of a secret: AWS could take such a name for an ARN without its end. */
const LIKE_AN_ARN = /-[A-Za-z0-9]{6}$/;

/** How a declaration says a name. */
const IN_TYPESCRIPT = (name: string) => [`name: '${name}'`, `name: "${name}"`];

/**
 * Why a secret of a project cannot have that name, or undefined.
 * @param sources the texts of the project's files, by name
 */
export function nameRefused(
  name: string,
  sources: ReadonlyMap<string, string>,
  writings: (name: string) => readonly string[] = IN_TYPESCRIPT,
): string | undefined {
  if (!NAME.test(name)) return 'Expected 1 to 512 letters, digits, or characters of /_+=.@-';
  if (name.length > LONGEST_NAME) return `It has ${name.length} characters. Expected at most ${LONGEST_NAME} here.`;
  if (LIKE_AN_ARN.test(name)) return 'It ends like an ARN, with a hyphen and six characters. Choose another end.';
  const [file] = [...sources].find(([, text]) => writings(name).some((each) => text.includes(each))) ?? [];
  return file && `${file} declares a secret of that name already. Choose another name.`;
}
