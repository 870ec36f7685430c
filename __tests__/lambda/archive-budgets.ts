/** The most bytes of each function of `lambda/`, as a zip and unzipped. */
export const archiveBudgets: Readonly<Record<string, { readonly zip: number; readonly unzipped: number }>> = {
  'google-access-token': { zip: 60_000, unzipped: 165_000 },
  'oauth-token': { zip: 62_000, unzipped: 175_000 },
  password: { zip: 55_000, unzipped: 155_000 },
  postgres: { zip: 80_000, unzipped: 235_000 },
};
