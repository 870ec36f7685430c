import manifest from '../package.json' with { type: 'json' };

/** This release, as package.json has it: what our requests call themselves by, `rotaform/VERSION`. */
export const VERSION: string = manifest.version;
