/**
 * What `npm start -- google` deploys: the token that lists a calendar's events. Of which account, and from which Google, the
 * environment says: GOOGLE_SERVICE_ACCOUNT and GOOGLE_ENDPOINT_URL.
 */
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformStack } from 'cdktf';
import { declareCalendar } from './declare-calendar.ts';

const { GOOGLE_SERVICE_ACCOUNT: serviceAccount, GOOGLE_ENDPOINT_URL: endpointUrl } = process.env;

const app = new App();
const stack = new TerraformStack(app, 'google-calendar');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
new ArchiveProvider(stack, 'archive');
declareCalendar(stack, { ...(serviceAccount && { serviceAccount }), ...(endpointUrl && { endpointUrl }) });

app.synth();
