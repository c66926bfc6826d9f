/** The types of the SDK: one file that a host page compiles against, and the same contract as `window.flotilla`. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import type * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { DIST } from '../../.ci/project.mjs';
import type { HostRules } from '../../src/core/policy-schema.ts';
import type { Flotilla } from '../../src/core/threads.ts';
import type { Workflow as AppWorkflow } from '../../src/core/workflow.ts';
import type { FlotillaConnection, HostPolicy, Workflow } from '../../src/sdk/index.ts';

const built = join(DIST, 'sdk.d.ts');

it('a connection is everything that window.flotilla is', () => {
  expectTypeOf<FlotillaConnection>().toExtend<Flotilla>();
});

it('what the SDK writes out is what the schemas of the app say', () => {
  expectTypeOf<Workflow>().toEqualTypeOf<AppWorkflow>();
  expectTypeOf<HostPolicy>().toExtend<v.InferInput<typeof HostRules>>();
  expectTypeOf<v.InferInput<typeof HostRules>>().toExtend<HostPolicy>();
});

const PAGE = `
import { connect, FlotillaError, type Answer, type FlotillaConnection } from './sdk.js';
const flotilla: FlotillaConnection = await connect({
  src: 'https://flotilla.example/widget.html',
  container: document.body,
  layout: 'card',
  theme: { scheme: 'dark', radius: 8 },
  policy: { mode: 'only_on_device', tasks: { classify: { max_error: 0.01 } } },
  accessTokens: { onprem: 'token' },
  onCorrected: (answer, label) => console.log(answer.id, label),
});
try {
  const answer: Answer = await flotilla.run({ text: 'Where is my card?' }, { timeoutMs: 5000 });
  const tier: 'rules' | 'static' | 'encoder' | 'slm' | 'server' | 'person' = answer.decision.tier;
  for await (const one of flotilla.runBatch([{ text: tier }])) console.log(one.confidence);
  const request = { model: 'auto', messages: [{ role: 'user' as const, content: 'Hi' }] };
  const whole = await flotilla.chat.completions.create(request);
  console.log(whole.choices[0].message.content);
  for await (const chunk of flotilla.chat.completions.create({ ...request, stream: true }))
    console.log(chunk.choices[0]?.delta.content);
} catch (error) {
  if (error instanceof FlotillaError && error.code === 'frame_gone') console.log(error.hint);
}
flotilla.close();
export {};
`;
const WRONG = `
import { connect } from './sdk.js';
const flotilla = await connect({ layout: 'huge' });
await flotilla.run({ txt: 'a' });
await flotilla.nothing();
export {};
`;

describe.skipIf(!existsSync(built))('sdk.d.ts (needs a build: npm run build)', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flotilla-types-'));
    cpSync(built, join(folder, 'sdk.d.ts'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'page.ts'), PAGE);
    writeFileSync(join(folder, 'wrong.ts'), WRONG);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const compile = (file: string, options: ts.CompilerOptions): string[] => {
    const program = ts.createProgram([join(folder, file)], {
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      ...options,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  };
  const bundler = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const node = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };

  it.each([
    ['bundler', bundler],
    ['nodenext', node],
  ])('a page compiles with moduleResolution %s, the file itself included', (_name, options) => {
    expect(compile('page.ts', options)).toEqual([]);
  });

  it('a page that is wrong does not compile', () => {
    const problems = compile('wrong.ts', bundler).join('\n');
    expect(problems).toMatch(/"huge"/);
    expect(problems).toMatch(/'txt' does not exist/);
    expect(problems).toMatch(/'nothing' does not exist/);
  });

  it('is one file: it imports nothing', () => {
    const text = readFileSync(built, 'utf8');
    expect(text).not.toMatch(/^\s*(import|export .* from)\b|import\(|\/\/\/ <reference/m);
    expect(text).toContain('Answers in input order.');
  });
});
