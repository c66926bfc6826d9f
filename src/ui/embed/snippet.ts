/** What a page needs to embed the widget: its lines, its Content-Security-Policy and its entry in the policy. Pure. */
import { LAYOUTS, type Layout } from '../../core/embed.ts';
import type { WidgetLook, WidgetTheme } from '../../core/embed-protocol.ts';
import { TASKS, type TaskId } from '../../core/request.ts';

export interface EmbedWish {
  hidden: boolean;
  layout: Layout;
  /** Empty: decided from the text. */
  task: TaskId | '';
  /** Id; empty: the router decides. */
  specialist: string;
  language: string;
  scheme: 'auto' | 'light' | 'dark';
  /** Empty: the built-in one. */
  accent: string;
  /** Px; null: the built-in one. */
  radius: number | null;
  /** The frame without an origin of its own. */
  sandboxed: boolean;
  /** Training, import, export and the audit log, too. */
  manage: boolean;
}

export const PLAIN_WISH: EmbedWish = {
  hidden: false,
  layout: 'card',
  task: '',
  specialist: '',
  language: '',
  scheme: 'auto',
  accent: '',
  radius: null,
  sandboxed: false,
  manage: false,
};

const SANDBOX = 'allow-scripts';
const EXAMPLE = 'My new card has not arrived yet';

/** What `connect` gets besides the container. */
export function optionsOf(wish: EmbedWish): WidgetLook & { sandbox?: string } {
  const sandbox = wish.sandboxed ? { sandbox: SANDBOX } : {};
  if (wish.hidden) return sandbox;
  const theme: WidgetTheme = {
    ...(wish.scheme !== 'auto' && { scheme: wish.scheme }),
    ...(wish.accent !== '' && { accent: wish.accent }),
    ...(wish.radius !== null && { radius: wish.radius }),
  };
  return {
    layout: wish.layout,
    ...(wish.specialist !== '' && { specialist: wish.specialist }),
    ...(wish.task !== '' && wish.specialist === '' && { task: wish.task }),
    ...(wish.language !== '' && { language: wish.language }),
    ...(Object.keys(theme).length > 0 && { theme }),
    ...sandbox,
  };
}

/** Code for a value, as a person would write it. A `<` could end the script that it stands in. */
function literal(value: unknown): string {
  if (typeof value === 'string')
    return `'${value.replaceAll(/[\\']/g, '\\$&').replaceAll('<', '\\x3C')}'`;
  if (value === null || typeof value !== 'object') return String(value);
  const parts = Object.entries(value).map(([name, inner]) => `${name}: ${literal(inner)}`);
  return `{ ${parts.join(', ')} }`;
}

/** Options as the argument of `connect`; empty where there are none. */
function argument(wish: EmbedWish): string {
  const options = Object.entries(optionsOf(wish)).map(
    ([name, value]) => `${name}: ${literal(value)}`,
  );
  if (!wish.hidden) options.unshift("container: document.querySelector('#flotilla')");
  return options.length === 0 ? '' : `{ ${options.join(', ')} }`;
}

const useLines = (wish: EmbedWish, indent: string): string[] => {
  if (!wish.hidden) return [];
  const asked = [
    `text: ${literal(EXAMPLE)}`,
    ...(wish.specialist === '' ? [] : [`specialist: ${literal(wish.specialist)}`]),
    ...(wish.task === '' || wish.specialist !== '' ? [] : [`task: ${literal(wish.task)}`]),
  ];
  return [
    `${indent}const answer = await flotilla.run({ ${asked.join(', ')} });`,
    `${indent}console.log(answer.output, answer.confidence, answer.status);`,
  ];
};

/** For a plain page. `sdk`: address of sdk.js. */
export function htmlOf(wish: EmbedWish, sdk: string): string {
  return [
    ...(wish.hidden ? [] : ['<div id="flotilla"></div>']),
    '<script type="module">',
    `  import { connect } from '${sdk}';`,
    `  const flotilla = await connect(${argument(wish)});`,
    ...useLines(wish, '  '),
    '</script>',
  ].join('\n');
}

/** For a page that is bundled: the SDK is not a package, it comes from the same place as the widget, so that both fit. */
export function bundledOf(wish: EmbedWish, sdk: string): string {
  return [
    `// Types: save ${new URL('sdk.d.ts', sdk).href} as flotilla-sdk.d.ts beside this file.`,
    `type Sdk = typeof import('./flotilla-sdk.js');`,
    `const sdk = '${sdk}';`,
    'const { connect }: Sdk = await import(/* @vite-ignore */ /* webpackIgnore: true */ sdk);',
    `const flotilla = await connect(${argument(wish)});`,
    ...useLines(wish, ''),
  ].join('\n');
}

/** What the host page's own Content-Security-Policy must allow, if it has one. */
export const cspOf = (flotilla: string): string =>
  `script-src 'self' ${flotilla}; frame-src ${flotilla}`;

/** Allows what the wish needs and nothing else. */
export function policyEntryOf(wish: EmbedWish, origin: string, task: TaskId | ''): string {
  const entry = {
    origin,
    tasks: task === '' ? TASKS : [task],
    layouts: wish.hidden ? [] : LAYOUTS.filter((layout) => layout === wish.layout),
    manage: wish.manage,
    ...(wish.sandboxed && { sandboxed: true }),
  };
  const inLine = (list: readonly string[]): string =>
    `[${list.map((one) => JSON.stringify(one)).join(', ')}]`;
  const lines = Object.entries(entry).map(
    ([name, value]) =>
      `  ${JSON.stringify(name)}: ${Array.isArray(value) ? inLine(value as string[]) : JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}
