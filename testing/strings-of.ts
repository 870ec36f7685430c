/** Shorter ones stand in logs by chance. */
const LEAST_CHARACTERS = 8;

/** The strings that would give a secret's value away: those of its fields, or the whole text. */
export function stringsOf(secretString: string, publicFields: readonly string[] = []): string[] {
  const texts: string[] = [];
  try {
    JSON.parse(secretString, (key, value: unknown) => {
      if (typeof value === 'string' && !publicFields.includes(key)) texts.push(value);
    });
  } catch {
    texts.push(secretString);
  }
  return texts.filter((text) => text.length >= LEAST_CHARACTERS);
}
