/** Configurations of web servers, written from the policy: the same headers, caching and fallback as .ci/serve.mjs. */
import {
  ASK_AGAIN,
  ASK_BEHIND,
  CONTENT_TYPES,
  FOR_EVER,
  SDK_SCRIPT,
  UNKNOWN_TYPE,
} from './addresses.mjs';
import { securityHeaders } from './security-headers.mjs';

/**
 * @typedef {object} Site
 * @property {unknown} policy parsed policy.json, or null
 * @property {string} base as of `basePath`; the build lies below `root` at this path
 * @property {string} root document root
 * @property {string} listen nginx: of `listen`; Caddy: the site's address
 */

/** An address of each kind, as security-headers.mjs tells them apart. */
const EXAMPLES = { page: '/', widget: '/widget.html', sdk: '/sdk.js', file: '/policy.json' };

/** Headers of each kind, by header. @param {unknown} policy */
function headersByName(policy) {
  /** @type {Record<string, Record<string, string>>} */
  const byName = {};
  for (const [kind, path] of Object.entries(EXAMPLES))
    for (const [name, value] of Object.entries(securityHeaders(policy, path)))
      (byName[name] ??= {})[kind] = value;
  return byName;
}

/** @param {Record<string, string>} values by kind */
const isSame = (values) =>
  Object.keys(values).length === Object.keys(EXAMPLES).length &&
  new Set(Object.values(values)).size === 1;

/** @param {string} text */
const asPattern = (text) => text.replace(/[.\\+*?[^\]$(){}=!<>|:-]/g, '\\$&');

/** @param {string} header */
const variable = (header) => `$flotilla_${header.toLowerCase().replaceAll('-', '_')}`;

/**
 * A file for /etc/nginx/conf.d. Headers stand in one place and take their values from maps, because nginx forgets the
 * headers of a server in every location that adds one of its own.
 * @param {Site} site
 */
export function nginxConfiguration({ policy, base, root, listen }) {
  const headers = Object.entries(headersByName(policy));
  const varied = headers.filter(([, values]) => !isSame(values));
  const types = Object.entries(CONTENT_TYPES).map(([ending, type]) => ({
    ending: ending.slice(1),
    type: type.replace(/;.*$/, ''),
  }));
  const at = asPattern(base);
  return `# Flotilla behind nginx. Written by \`npm run headers -- nginx\`; docs/serving/README.md says how to use it.

map $uri $flotilla_kind {
    default page;
    ${base}widget.html widget;
    ${base}sdk.js sdk;
    ${base}sdk.d.ts sdk;
    ~\\.html$ page;
    ~\\.[^/]*$ file;
}

${varied
  .map(
    ([name, values]) => `map $flotilla_kind ${variable(name)} {
${Object.entries(values)
  .map(([kind, value]) => `    ${kind} "${value}";\n`)
  .join('')}}
`,
  )
  .join('\n')}
# Names with a hash, and model files below their version, never change.
map $uri $flotilla_caching {
    default "${ASK_AGAIN}";
    ${base}${SDK_SCRIPT.slice(1)} "${ASK_BEHIND}";
    "~^${at}(assets/|fleet/[^/]+/[^/]+/)" "${FOR_EVER}";
}

server {
    listen ${listen};
    root ${root};
    absolute_redirect off;
    server_tokens off;

    # Copies that the build compressed. For brotli: apt-get install libnginx-mod-http-brotli-static, and the next line.
    # brotli_static on;
    gzip_static on;
    gzip_vary on;

    default_type ${UNKNOWN_TYPE};
    types {
${types.map(({ ending, type }) => `        ${type} ${ending};\n`).join('')}    }
    charset utf-8;
    charset_types ${charsetTypes(types)};

${headers
  .map(
    ([name, values]) =>
      `    add_header ${name} ${isSame(values) ? `"${Object.values(values)[0] ?? ''}"` : variable(name)} always;\n`,
  )
  .join('')}    # Not on errors: a file that is missing today may be there tomorrow.
    add_header Cache-Control $flotilla_caching;
${base === '/' ? '' : redirectToBase(base)}
    location = ${base} {
        try_files ${base}index.html =404;
    }
    # Paths without an ending are pages of the app, which routes them itself.
    location ${base} {
        try_files $uri ${base}index.html;
    }
    location ~ ^${at}.*\\.[^/]*$ {
        try_files $uri =404;
    }
}
`;
}

/** @param {string} base */
const redirectToBase = (base) => `
    location = ${base.slice(0, -1)} {
        return 308 ${base};
    }
    location / {
        return 404;
    }
`;

/** Of the types with a charset; text/html always has one. @param {{ type: string, ending: string }[]} types */
function charsetTypes(types) {
  const texts = types.filter(({ ending }) => CONTENT_TYPES[`.${ending}`]?.includes('charset'));
  return [...new Set(texts.map(({ type }) => type))]
    .filter((type) => type !== 'text/html')
    .join(' ');
}

/**
 * A Caddyfile. \`route\` keeps the order that is written, so that a later header may take the place of an earlier one.
 * @param {Site} site
 */
export function caddyConfiguration({ policy, base, root, listen }) {
  const headers = Object.entries(headersByName(policy));
  const everywhere = headers.filter(([, values]) => isSame(values));
  const at = asPattern(base);
  return `# Flotilla behind Caddy. Written by \`npm run headers -- caddy\`; docs/serving/README.md says how to use it.
{
	admin off
}

${listen} {
	root * ${root}

	@page {
		path_regexp (\\.html|/[^/.]*)$
		not path ${base}widget.html
	}
	@widget path ${base}widget.html
	@sdk path ${base}sdk.js ${base}sdk.d.ts
	@file {
		path_regexp \\.[^/]*$
		not path *.html ${base}sdk.js ${base}sdk.d.ts
	}
	# Names with a hash, and model files below their version, never change.
	@immutable path_regexp ^${at}(assets/|fleet/[^/]+/[^/]+/).*\\.[^/]*$
	# Paths without an ending are pages of the app, which routes them itself.
	@route {
		path ${base}*
		not path_regexp \\.[^/]*$
		not file
	}
${typesForCaddy()
  .map(({ name, ending }) => `\t${name} path *${ending}\n`)
  .join('')}
	route {
		header {
${everywhere.map(([name, values]) => `\t\t\t${name} "${Object.values(values)[0] ?? ''}"\n`).join('')}\t\t\tCache-Control "${ASK_AGAIN}"
		}
${Object.keys(EXAMPLES)
  .map((kind) => caddyKind(kind, headers))
  .join('')}		header ${base}${SDK_SCRIPT.slice(1)} Cache-Control "${ASK_BEHIND}"
		header @immutable Cache-Control "${FOR_EVER}"
${typesForCaddy()
  .map(({ name, type }) => `\t\theader ${name} Content-Type "${type}"\n`)
  .join(
    '',
  )}${base === '/' ? '' : `\t\tredir ${base.slice(0, -1)} ${base} 308\n`}		rewrite @route ${base}index.html
		file_server {
			precompressed br gzip
		}
	}

	# A file that is missing today may be there tomorrow.
	handle_errors {
		header Cache-Control "${ASK_AGAIN}"
		respond "{err.status_code} {err.status_text}"
	}
}
`;
}

/**
 * Headers of one kind that are not the same everywhere.
 * @param {string} kind
 * @param {[string, Record<string, string>][]} headers
 */
function caddyKind(kind, headers) {
  const own = headers.flatMap(([name, values]) =>
    !isSame(values) && values[kind] !== undefined ? [`\t\t\t${name} "${values[kind]}"\n`] : [],
  );
  return `\t\theader @${kind} {\n${own.join('')}\t\t}\n`;
}

/** Built into Caddy. Others it takes from the system, if that knows them. */
const KNOWN_TO_CADDY = /^\.(html|css|m?js|json|png|svg|wasm)$/;

const typesForCaddy = () =>
  Object.entries(CONTENT_TYPES)
    .filter(([ending]) => !KNOWN_TO_CADDY.test(ending))
    .map(([ending, type]) => ({ name: `@${ending.slice(1)}`, ending, type }));
