import { Rotation, workloadIdentity } from '../../../constructs/index.ts';

export const rotations = () => [
  Rotation.googleAccessToken({
    credentials: workloadIdentity({
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/aws/providers/lambda',
    }),
    serviceAccount: 'calendar@my-project.iam.gserviceaccount.com',
    scopes: ['https://www.googleapis.com/auth/calendar.readonly'],
  }),
];
