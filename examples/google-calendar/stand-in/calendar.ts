import { apiError, type Service } from './answer.ts';

const SCOPES = ['https://www.googleapis.com/auth/calendar', 'https://www.googleapis.com/auth/calendar.readonly'];

/** `https://www.googleapis.com/calendar/v3/calendars/ID/events`: two events, in two pages. */
export const events: Service = ({ query, bearer }, google) => {
  const token = google.token(bearer);
  if (token === undefined) return apiError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  if (!token.scopes.some((scope) => SCOPES.includes(scope))) {
    return apiError(403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.');
  }
  const day = (days: number) => new Date(google.nowMs() + days * 86_400_000).toISOString();
  const [first, second] = [
    { summary: 'Review of the access policy', start: { dateTime: day(1) } },
    { summary: 'Rotation drill', start: { dateTime: day(2) } },
  ];
  return [200, query.has('pageToken') ? { items: [second] } : { items: [first], nextPageToken: 'next' }];
};
