import { Rotation } from '../../../constructs/index.ts';

export const rotations = () => [Rotation.password()];
