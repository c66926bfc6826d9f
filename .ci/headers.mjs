/**
 * `npm run headers -- …`: what a server must send for a build, for other servers than our own.
 *
 *   nginx | caddy   prints a configuration      --policy FILE  --base /path/  --root FOLDER  --listen ADDRESS
 *   check ADDRESS   asks a running deployment   --policy FILE  (left out: the policy.json that it serves)
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { basePath } from './addresses.mjs';
import { checkDeployment } from './check-deployment.mjs';
import { ROOT } from './project.mjs';
import { readPolicy } from './security-headers.mjs';
import { caddyConfiguration, nginxConfiguration } from './server-configurations.mjs';

const USAGE = `npm run headers -- nginx|caddy [--policy FILE] [--base /path/] [--root FOLDER] [--listen ADDRESS]
npm run headers -- check https://address/ [--policy FILE]`;

/** @type {Record<string, { write: typeof nginxConfiguration, listen: string }>} */
const SERVERS = {
  nginx: { write: nginxConfiguration, listen: '8080' },
  caddy: { write: caddyConfiguration, listen: ':8080' },
};

process.exitCode = await main();

async function main() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        policy: { type: 'string' },
        base: { type: 'string' },
        root: { type: 'string', default: '/srv/www' },
        listen: { type: 'string' },
      },
    });
    const [command = '', address] = positionals;
    if (command === 'check' && address !== undefined)
      return await check(
        address,
        values.policy === undefined ? undefined : policyOf(values.policy),
      );
    const server = SERVERS[command];
    if (server === undefined || address !== undefined) throw new Error(USAGE);
    const { write, listen } = server;
    const policy = policyOf(values.policy ?? join(ROOT, 'public/policy.json'));
    const base = basePath(values.base ?? process.env.FLOTILLA_BASE);
    const site = { policy, base, root: plain(values.root), listen: plain(values.listen ?? listen) };
    process.stdout.write(write(site));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
}

/** @param {string} file */
function policyOf(file) {
  if (!existsSync(file)) throw new Error(`There is no policy file ${file}.`);
  const policy = readPolicy(file);
  if (policy === null) throw new Error(`${file} is not JSON.`);
  return policy;
}

/** A value that cannot end the line that it is written into. @param {string} value */
function plain(value) {
  if (/^[\w./:[\]-]+$/.test(value)) return value;
  throw new Error(`"${value}" cannot be written into a configuration.`);
}

/**
 * @param {string} address
 * @param {unknown} policy
 */
async function check(address, policy) {
  if (!URL.canParse(address) || !/^https?:/.test(address)) throw new Error(USAGE);
  const rules = await checkDeployment(new URL(address), policy);
  for (const { holds, path, rule, found } of rules)
    console.log(`${holds ? 'pass' : 'FAIL'}  ${path}  ${rule}${holds ? '' : `\n      ${found}`}`);
  const broken = rules.filter(({ holds }) => !holds).length;
  console.log(`${rules.length - broken} rules hold, ${broken} do not.`);
  return broken === 0 ? 0 : 1;
}
