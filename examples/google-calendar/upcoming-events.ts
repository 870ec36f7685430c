import type { RotatingSecret, SecretsCache } from 'rotaform-client';
import * as v from 'valibot';

const GoogleToken = v.object({ GOOGLE_ACCESS_TOKEN: v.string(), expires_at: v.pipe(v.string(), v.isoTimestamp()) });

/** The token that the rotation stores: read again before it expires, and whenever the secret has rotated. */
export function googleToken(
  secrets: SecretsCache,
  secretId: string,
): RotatingSecret<v.InferOutput<typeof GoogleToken>> {
  return secrets.secret(secretId, { schema: GoogleToken, expiresAt: ({ expires_at }) => new Date(expires_at) });
}

export interface CalendarEvent {
  readonly summary: string;
  readonly start: { readonly dateTime?: string; readonly date?: string };
}

export interface EventsOptions {
  /** Such as `team@example.com`, or `primary`. */
  readonly calendarId: string;
  /** @default 'https://www.googleapis.com' */
  readonly url?: string;
}

class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** The events of a calendar from now on, of all pages; asked again with another token where Google refuses one. */
export function upcomingEvents(
  token: ReturnType<typeof googleToken>,
  options: EventsOptions,
): Promise<CalendarEvent[]> {
  const { calendarId, url = 'https://www.googleapis.com' } = options;
  const path = `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`;
  const query = { singleEvents: 'true', orderBy: 'startTime', timeMin: new Date().toISOString() };
  return token.withRetry(
    async ({ GOOGLE_ACCESS_TOKEN }) => {
      // Another token begins with the first page again.
      const events = new URL(`${path}?${new URLSearchParams(query)}`, url);
      const found: CalendarEvent[] = [];
      let pageToken: string | undefined;
      do {
        if (pageToken !== undefined) events.searchParams.set('pageToken', pageToken);
        const response = await fetch(events, { headers: { authorization: `Bearer ${GOOGLE_ACCESS_TOKEN}` } });
        if (response.status === 401) throw new TokenRefused('Google refuses the token.');
        if (!response.ok) throw new Error(`Google Calendar answered with ${response.status}.`);
        const page = (await response.json()) as { items: CalendarEvent[]; nextPageToken?: string };
        found.push(...page.items);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      return found;
    },
    { refused: (error) => error instanceof TokenRefused },
  );
}
