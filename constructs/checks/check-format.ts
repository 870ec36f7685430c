import { ConstructError } from '../construct-error.ts';

/** @throws OPTIONS for a format that no secret has */
export function checkFormat(format = 'json'): void {
  if (format === 'json' || format === 'text') return;
  throw new ConstructError('OPTIONS', `format is "${format}". Expected 'json' or 'text'.`);
}
