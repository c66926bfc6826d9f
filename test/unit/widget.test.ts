/** The widget's form: its state, its words and figures, and colours that can be read. */
import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import type { Answer } from '../../src/core/answer.ts';
import type { WidgetLook } from '../../src/core/embed-protocol.ts';
import type { FlotillaApp, RunOptions } from '../../src/core/threads.ts';
import type { WidgetHost } from '../../src/core/widget-host.ts';
import { layoutFor } from '../../src/core/embed.ts';
import { mayLeave } from '../../src/core/may-leave.ts';
import { parsePolicy } from '../../src/core/policy-file.ts';
import { Widget } from '../../src/state/widget.svelte.ts';
import { keptDraft } from '../../src/state/widget-draft.ts';
import { contrast, readable, type Rgb } from '../../src/ui/widget/contrast.ts';
import { leavingOf } from '../../src/ui/widget/leaving.ts';
import { paletteOf, type Palette } from '../../src/ui/widget/palette.ts';
import { speechOf } from '../../src/ui/widget/speech.ts';
import { parseComputed } from '../../src/ui/widget/theme.ts';
import { hostOriginOf } from '../../src/ui/embed/host-origin.ts';
import { PLAIN_WISH, bundledOf, htmlOf, policyEntryOf } from '../../src/ui/embed/snippet.ts';
import { answerOf, appDouble } from './doubles/app.ts';

const WHITE: Rgb = [1, 1, 1];
const BLACK: Rgb = [0, 0, 0];
const hex = (text: string): Rgb => {
  const n = Number.parseInt(text.slice(1), 16);
  return [((n >> 16) & 255) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255];
};

/** The light tokens of tokens.css. */
const LIGHT: Palette = {
  bg: hex('#f3f5f6'),
  surface: hex('#ffffff'),
  'surface-2': hex('#f7f9fa'),
  hover: hex('#eaeff1'),
  ink: hex('#14191d'),
  'ink-2': hex('#4b5660'),
  line: hex('#d8dee2'),
  'line-strong': hex('#7d8993'),
  accent: hex('#0b6072'),
  'accent-ink': hex('#ffffff'),
  'accent-soft': hex('#dcedf1'),
  good: hex('#146c3a'),
  'good-soft': hex('#e0f2e7'),
  doubt: hex('#7d4d00'),
  'doubt-soft': hex('#fbeed6'),
  bad: hex('#a8201a'),
  'bad-soft': hex('#fbe6e4'),
};

/** Pairs of text on its ground, and of parts of controls on theirs, that every palette must keep readable. */
function unreadable(palette: Palette): string[] {
  const text: [keyof Palette, keyof Palette][] = [
    ['ink', 'surface'],
    ['ink', 'surface-2'],
    ['ink', 'hover'],
    ['ink-2', 'surface'],
    ['ink-2', 'surface-2'],
    ['accent', 'surface'],
    ['accent-ink', 'accent'],
    ['ink', 'accent-soft'],
    ['good', 'good-soft'],
    ['doubt', 'doubt-soft'],
    ['bad', 'bad-soft'],
    ['ink', 'bad-soft'],
  ];
  const low = text.filter(([a, b]) => contrast(palette[a], palette[b]) < 4.5);
  if (contrast(palette['line-strong'], palette.surface) < 3) low.push(['line-strong', 'surface']);
  return low.map(([a, b]) => `${a} on ${b}: ${contrast(palette[a], palette[b]).toFixed(2)}`);
}

describe('colours', () => {
  it('contrast is that of WCAG', () => {
    expect(contrast(WHITE, BLACK)).toBeCloseTo(21);
    expect(contrast(hex('#777777'), WHITE)).toBeCloseTo(4.48, 2);
  });

  it('the built-in palette reads, and stays as it is without wishes', () => {
    expect(unreadable(LIGHT)).toEqual([]);
    expect(paletteOf(LIGHT, {})).toEqual({ palette: LIGHT, refused: [] });
  });

  it('takes a brand that reads, and leaves out one that does not', () => {
    const taken = paletteOf(LIGHT, { accent: hex('#7b1fa2'), background: hex('#fff8e1') });
    expect(taken.refused).toEqual([]);
    expect(taken.palette.accent).toEqual(hex('#7b1fa2'));
    const { palette, refused } = paletteOf(LIGHT, { accent: hex('#ffee00'), text: hex('#cccccc') });
    expect(refused).toEqual(['text', 'accent']);
    expect(palette).toEqual(LIGHT);
  });

  it('takes a background with the text colour that belongs to it, or none', () => {
    const dark = paletteOf(LIGHT, { background: hex('#101820'), text: hex('#f0f0f0') });
    expect(dark.refused).toEqual([]);
    expect(dark.palette.ink).toEqual(hex('#f0f0f0'));
    expect(paletteOf(LIGHT, { background: hex('#101820') }).refused).toEqual(['background']);
    expect(paletteOf(LIGHT, { background: hex('#777777') }).refused).toEqual(['background']);
  });

  const channel = fc.double({ min: 0, max: 1, noNaN: true });
  const color = fc.tuple(channel, channel, channel);
  it('whatever is asked for, everything can be read', () => {
    fc.assert(
      fc.property(
        fc.record({ accent: color, background: color, text: color }, { requiredKeys: [] }),
        (wishes) => {
          expect(unreadable(paletteOf(LIGHT, wishes).palette)).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('a colour is mixed with ink no more than it needs', () => {
    expect(readable(hex('#0b6072'), [WHITE], BLACK, 4.5)).toEqual(hex('#0b6072'));
    const yellow = readable(hex('#ffee00'), [WHITE], BLACK, 4.5);
    expect(contrast(yellow, WHITE)).toBeGreaterThanOrEqual(4.5);
  });

  it('reads what browsers compute', () => {
    expect(parseComputed('color(srgb 0.5 0 1)')).toEqual({ color: [0.5, 0, 1], alpha: 1 });
    expect(parseComputed('color(srgb 1.2 -0.1 none / 0.5)')).toEqual({
      color: [1, 0, 0],
      alpha: 0.5,
    });
    expect(parseComputed('rgb(1, 2, 3)')).toBeNull();
  });
});

describe('languages', () => {
  it.each(['en', 'de', 'fr', 'es'])('%s has every word', async (language) => {
    const { words } = await speechOf(language);
    const english = (await speechOf('en')).words;
    expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
    const values = Object.values(words).flatMap((word) =>
      typeof word === 'object' ? Object.values(word) : [word],
    );
    expect(values.every((word) => typeof word === 'function' || word !== '')).toBe(true);
  });

  it('writes figures as the language does', async () => {
    const german = (await speechOf('de-AT')).figures;
    expect(german.sure(0.973)).toMatch(/^97\s%$/);
    expect(german.bytes(12_345_678)).toMatch(/^12,3\sMB$/);
    expect((await speechOf('en')).figures.sure(0.9999)).toBe('\u200E>\u202F99%');
  });

  it('speaks English where it has no words, in the direction of the page', async () => {
    expect(await speechOf('ar')).toMatchObject({ language: 'en', direction: 'rtl' });
    expect(await speechOf('not a language')).toMatchObject({ language: 'en', direction: 'ltr' });
  });
});

const SERVER = {
  id: 'onprem',
  base_url: 'https://llm.example/v1',
  model: 'm',
  region: 'eu',
};
const policyOf = (part: object) => {
  const parsed = parsePolicy(JSON.stringify({ version: 1, ...part }));
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
};

describe('what may leave', () => {
  const open = policyOf({
    mode: 'prefer_on_device',
    defaults: { tiers: ['encoder', 'server'], egress: 'masked', consent: 'ask' },
    servers: [SERVER],
    regions: ['eu'],
  });

  it('is nothing by default, and for work that never asks a server', () => {
    expect(mayLeave(policyOf({}), ['classify'])).toEqual([]);
    expect(mayLeave(open, ['redact', 'summarize'])).toEqual([]);
    expect(mayLeave({ ...open, mode: 'only_on_device' }, ['classify'])).toEqual([]);
  });

  it('names the server and the loosest of its rules', () => {
    expect(mayLeave(open, ['classify'])).toEqual([
      { server: 'onprem', region: 'eu', masking: 'masked', consent: 'ask' },
    ]);
    const loose = {
      ...open,
      tasks: { extract: { egress: 'full', consent: 'auto' } },
    } as typeof open;
    expect(mayLeave(loose, ['classify', 'extract'])).toMatchObject([
      { masking: 'full', consent: 'auto' },
    ]);
  });

  it('is said in the language of the page', async () => {
    const host = hostDouble({ mayLeave: () => mayLeave(open, ['classify']) });
    expect(leavingOf(host, null, (await speechOf('en')).words).sentence).toBe(
      'Flotilla · may send masked text to onprem (eu) after asking',
    );
    expect(leavingOf(host, null, (await speechOf('en')).words, true)).toEqual({
      may: false,
      sentence: 'Flotilla · nothing leaves this device, nothing is kept after closing',
    });
    const { sentence } = leavingOf(hostDouble(), null, (await speechOf('de')).words);
    expect(sentence).toBe('Flotilla · nichts verlässt dieses Gerät');
  });
});

/** A host page that tells what it heard. */
function hostDouble(
  part: Partial<WidgetHost> = {},
): WidgetHost & { look_: (look: WidgetLook) => void } {
  let listener: (look: WidgetLook) => void = () => undefined;
  return {
    origin: 'https://portal.example',
    rules: { tasks: ['classify', 'extract'], layouts: ['compact', 'card'], manage: false },
    mayLeave: () => [],
    look: () => ({}),
    onLook: (given) => (listener = given),
    onFocus: () => undefined,
    grew: () => undefined,
    leave: () => undefined,
    answered: vi.fn(),
    corrected: vi.fn(),
    onConsent: () => undefined,
    onToolCall: () => undefined,
    watchClicks: () => ({ verdict: () => 'unsupported', end: () => undefined }),
    ...part,
    look_: (look) => listener(look),
  };
}

/** A client whose answers come when the test says so. */
function heldApp() {
  const calls: { request: unknown; options: RunOptions; resolve: (answer: Answer) => void }[] = [];
  const run: FlotillaApp['run'] = (request, options = {}) =>
    new Promise((resolve) => calls.push({ request, options, resolve }));
  return { app: { ...appDouble(), run }, calls };
}

describe('the form', () => {
  it('starts the engine with the first use, and no sooner', async () => {
    const engine = vi.fn(() => Promise.resolve(appDouble()));
    const widget = new Widget(hostDouble(), engine);
    widget.write('');
    expect(engine).not.toHaveBeenCalled();
    widget.write('a');
    widget.write('ab');
    await Promise.resolve();
    expect(engine).toHaveBeenCalledTimes(1);
  });

  it('asks for what the host named, and tells it the answer', async () => {
    const { app, calls } = heldApp();
    const host = hostDouble({ look: () => ({ task: 'classify', text: 'where is it' }) });
    const widget = new Widget(host, () => Promise.resolve(app));
    const asked = widget.ask();
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0]?.request).toEqual({ text: 'where is it', task: 'classify' });
    const answer = answerOf('x');
    calls[0]?.resolve(answer);
    expect(await asked).toBe(true);
    expect(host.answered).toHaveBeenCalledWith(answer);
    expect(widget.answers.shown?.answer).toBe(answer);
  });

  it('keeps what the person typed when the host sets another text', () => {
    const host = hostDouble();
    const widget = new Widget(host, () => Promise.resolve(appDouble()));
    host.look_({ text: 'ticket 1' });
    expect(widget.text).toBe('ticket 1');
    widget.write('my own words');
    host.look_({ text: 'ticket 2' });
    expect(widget.text).toBe('my own words');
  });

  it('keeps it for this tab, until it is cleared or the host goes on after an answer', async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('sessionStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    });
    const host = hostDouble({ look: () => ({ text: 'ticket 1' }) });
    const widget = new Widget(host, () => Promise.resolve(appDouble()));
    widget.write('ticket 1, urgent');
    expect(keptDraft(host.origin, { text: 'ticket 1' })).toBe('ticket 1, urgent');
    expect(keptDraft(host.origin, { text: 'ticket 2' })).toBe('');
    expect(keptDraft('https://other.example', { text: 'ticket 1' })).toBe('');
    expect(await widget.ask()).toBe(true);
    expect(keptDraft(host.origin, { text: 'ticket 1' })).toBe('ticket 1, urgent');
    host.look_({ text: 'ticket 2' });
    expect(widget.text).toBe('ticket 2');
    widget.write('x');
    widget.write('');
    expect(kept.size).toBe(0);
    vi.unstubAllGlobals();
  });

  it('an engine that does not start is trouble, keeps the text, and is tried again', async () => {
    const engine = vi
      .fn<() => Promise<FlotillaApp>>()
      .mockRejectedValueOnce(new Error('no worker'))
      .mockResolvedValue(appDouble());
    const widget = new Widget(hostDouble({ look: () => ({ text: 'kept' }) }), engine);
    expect(await widget.ask()).toBe(false);
    expect(widget.trouble?.message).toContain('no worker');
    expect(widget.text).toBe('kept');
    expect(await widget.ask()).toBe(true);
    expect(widget.trouble).toBeNull();
  });

  it('a cancelled run shows nothing when its answer comes late, and answers its questions with no', async () => {
    const { app, calls } = heldApp();
    const widget = new Widget(hostDouble({ look: () => ({ text: 'x' }) }), () =>
      Promise.resolve(app),
    );
    const asked = widget.ask();
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    const question = widget.questions.ask({ ask: 'tool', of: { name: 'f', arguments: '{}' } });
    widget.cancel();
    expect(calls[0]?.options.signal?.aborted).toBe(true);
    expect(await question).toBe(false);
    calls[0]?.resolve(answerOf('x'));
    expect(await asked).toBe(false);
    expect(widget.answers.shown).toBeNull();
  });

  it('tells the host a correction, with the answer as it is after it', async () => {
    const { app, calls } = heldApp();
    const host = hostDouble({ look: () => ({ text: 'x' }) });
    const widget = new Widget(host, () => Promise.resolve(app));
    const asked = widget.ask();
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    calls[0]?.resolve(answerOf('x'));
    await asked;
    expect(await widget.judge({ correctedTo: 'other' })).toBe(true);
    expect(host.corrected).toHaveBeenCalledWith(
      expect.objectContaining({ output: expect.objectContaining({ label: 'other' }) }),
      'other',
    );
  });

  it('shows a layout that the policy allows', () => {
    const { rules } = hostDouble();
    expect(layoutFor(rules, 'full')).toBe('compact');
    expect(layoutFor(rules)).toBe('card');
  });
});

describe('the page Embed', () => {
  const OWN = 'https://flotilla.example';
  it.each([
    ['', null],
    ['https://*.example', null],
    ['intranet.example', 'https://intranet.example'],
    ['https://Intranet.Example/', 'https://intranet.example'],
    ['https://intranet.example/page', 'https://intranet.example'],
    ['https://me:secret@intranet.example', 'https://intranet.example'],
    ['http://intranet.example', 'https://intranet.example'],
    ['file:///home/page.html', null],
    ['https://', null],
    [OWN, null],
  ])('%s is no origin of a host, and the words say why', (typed, instead) => {
    expect(hostOriginOf(typed, OWN)).toMatchObject({ ok: false, instead });
  });

  it.each([
    'https://intranet.example',
    'https://a.b:8443',
    'http://localhost:3000',
    'http://127.0.0.1:1',
  ])('%s is one', (typed) => expect(hostOriginOf(typed, OWN)).toEqual({ ok: true, origin: typed }));

  it('makes an entry that the policy takes, with nothing but what was chosen', () => {
    const wish = { ...PLAIN_WISH, layout: 'compact', sandboxed: true } as const;
    const entry: unknown = JSON.parse(policyEntryOf(wish, 'https://a.example', 'classify'));
    expect(policyOf({ embeds: [entry] }).embeds).toEqual([
      {
        origin: 'https://a.example',
        tasks: ['classify'],
        layouts: ['compact'],
        manage: false,
        sandboxed: true,
      },
    ]);
  });

  it('writes a colour that somebody typed as a string, whatever is in it', () => {
    const accent = "red'</script><script>alert(1)</script>\\";
    const code = htmlOf({ ...PLAIN_WISH, accent }, `${OWN}/sdk.js`);
    expect(code.match(/<\/script>/g)).toHaveLength(1);
    expect(bundledOf({ ...PLAIN_WISH, hidden: true }, `${OWN}/sdk.js`)).toContain('flotilla.run(');
  });
});
