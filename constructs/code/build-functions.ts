/** `npm run build`: compiles every function of `lambda/`, and says whose code is inside. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { helperNames, targetNames } from '../../rules/targets.ts';
import { bundleTarget } from './bundle-target.ts';
import { softwareBill } from './software-bill.ts';
import { byName, NOTICES, thirdPartyNotices } from './third-party-notices.mjs';

const project = fileURLToPath(new URL('../../', import.meta.url));
const outdir = path.join(project, 'dist/lambda');
const bundled = [...targetNames, ...helperNames].flatMap((name) => bundleTarget(name, path.join(outdir, name)));
const packages = [...new Map(bundled.map((each) => [`${each.name} ${each.version}`, each])).values()].sort(byName);
const product = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
writeFileSync(path.join(outdir, NOTICES), thirdPartyNotices(packages));
writeFileSync(path.join(outdir, 'sbom.cdx.json'), `${JSON.stringify(softwareBill(product, packages), undefined, 2)}\n`);
