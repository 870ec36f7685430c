const SEPARATORS = ['/', '-', '_', '+', '=', '.', '@'];

/**
 * The words of a text, as AWS's search splits it: at spaces; at one kind of separator, but a text with two kinds is one word; and before
 * each capital letter that begins a run of small ones. So `prod/AppBeta` is prod, App and Beta, and `COMPANYthings` is COMPAN and Ythings.
 *
 * @see https://github.com/getmoto/moto/blob/master/tests/test_secretsmanager/test_list_secrets.py tests that were verified on AWS
 */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/).flatMap((part) => {
    const separators = SEPARATORS.filter((separator) => part.includes(separator));
    if (separators.length > 1) return [part];
    const [separator] = separators;
    return (separator === undefined ? [part] : part.split(separator)).flatMap(atCapitals);
  });
}

function atCapitals(part: string): string[] {
  return part.split(/([^a-z][a-z]+)/).filter((word) => word !== '');
}
