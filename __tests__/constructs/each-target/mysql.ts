import { Rotation } from '../../../constructs/index.ts';

export const rotations = () => [
  Rotation.mysql({
    strategy: 'dual-password',
    admin: {
      secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:db/admin-AbCdEf',
      host: 'db.example.com',
    },
    users: '{name}',
  }),
  Rotation.mysql({
    strategy: 'alternating-users',
    admin: {
      secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:db/admin-AbCdEf',
      host: 'db.example.com',
    },
    users: ['{name}', '{name}_clone'],
  }),
];
