import * as v from 'valibot';
import { actionOf } from '../action.ts';
import { authorize } from '../permissions/authorize.ts';

const action = actionOf({ name: 'ECS', invalidInput: 'InvalidParameterException' });

const Name = v.pipe(v.string(), v.regex(/^[\w-]{1,255}$/));

/**
 * Begins a new deployment of a service. Services are made elsewhere: each one is there.
 *
 * @throws AccessDeniedException the requester may not change that service.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export const updateService = action(
  v.strictObject({ Cluster: Name, Service: Name, ForceNewDeployment: v.literal(true) }),
  ({ Cluster: cluster, Service: service }, account, requester) => {
    const resource = `arn:${account.partition}:ecs:${account.region}:${account.id}:service/${cluster}/${service}`;
    authorize(requester, { action: 'ecs:UpdateService', resource }, account);
    account.events.emit('deployment', { cluster, service });
    return { Service: { ServiceArn: resource } };
  },
);
