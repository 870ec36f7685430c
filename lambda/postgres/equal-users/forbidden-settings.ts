import { RotationError } from '../../rotation/index.ts';
import { GRANTS_ON_PARAMETERS } from './grants.ts';

/** A statement that copies a setting from one user to the other. */
export interface SettingStep {
  readonly sql: string;
  readonly setting: string;
  /** Of a list, what it is set to: its statement takes it from the session. */
  readonly value: string | null;
}

export interface ForbiddenSettingsOptions {
  readonly administrator: string;
  /** Whose settings are copied to whom. */
  readonly from: string;
  readonly to: string;
  /** Makes that user, if it is not there. */
  readonly missing: string | undefined;
  /** The server's major version. */
  readonly version: number;
}

/** The error for settings that only a superuser may set, such as `log_statement`, or one that no extension has declared. */
export function forbiddenSettings(
  steps: readonly SettingStep[],
  { administrator, from, to, missing, version }: ForbiddenSettingsOptions,
): RotationError {
  const names = [...new Set(steps.map(({ setting }) => setting))].join(', ');
  const byHand = steps.map(({ sql, value }) => (value === null ? sql : sql.replace(/FROM CURRENT$/, `TO ${value}`)));
  const statements =
    version < GRANTS_ON_PARAMETERS
      ? [...(missing === undefined ? [] : [missing]), ...byHand]
      : [
          `GRANT SET ON PARAMETER ${names} TO ${administrator}`,
          // A list is copied from the session, and the server does not show each list to everybody.
          ...(steps.some(({ value }) => value !== null) ? [`GRANT pg_read_all_settings TO ${administrator}`] : []),
        ];
  return new RotationError(
    'PRIVILEGE',
    `${administrator} may not set ${names} for ${to}, so that it is as ${from} has it. Nothing was changed. Have a superuser run: ` +
      `${statements.join('; ')}. Or take the setting from ${from}.`,
  );
}
