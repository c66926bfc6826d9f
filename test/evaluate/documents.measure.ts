/** `npm run evaluate`: kinds of documents, told by the shipped specialist in real Chromium. */
import { documentRows, hasDocuments } from '../../models/documents/corpus.ts';
import { loadCorpora } from '../../models/heads/corpora.ts';
import { wilson } from '../../src/core/binomial.ts';
import { mayBeDocument } from '../../src/core/route-file.ts';
import { expect, test } from '../browser/fixture.ts';

/** Of these the held-out texts are real ones; the others are invented (models/documents/templates.ts). */
const REAL = ['invoice', 'receipt', 'transcript', 'clinical_note'];

test.skip(!hasDocuments(), 'the data folder is not here (set FLOTILLA_DATA)');

test('kinds of documents on held-out texts', async ({ page }) => {
  const { heldOut } = documentRows();
  await page.goto('/');
  const report = await page.evaluate(
    (rows) => window.flotilla.evaluate('documents', rows),
    heldOut,
  );
  const share = (right: number, n: number): string => {
    const [low, high] = wilson(right, n);
    const percent = (value: number): string => (value * 100).toFixed(1);
    return `${percent(right / n)} % (${percent(low)}–${percent(high)}), n ${n}`;
  };
  const rightOf = (labels: string[]): string => {
    const some = report.perLabel.filter(({ label }) => labels.includes(label));
    const n = some.reduce((sum, one) => sum + one.n, 0);
    const right = some.reduce((sum, one) => sum + Math.round(one.recall * one.n), 0);
    return share(right, n);
  };
  const invented = report.perLabel.map(({ label }) => label).filter((l) => !REAL.includes(l));
  console.log(`documents, all: ${share(Math.round(report.accuracy * report.n), report.n)}`);
  console.log(`documents, real texts (${REAL.join(', ')}): ${rightOf(REAL)}`);
  console.log(`documents, mostly invented texts (${invented.join(', ')}): ${rightOf(invented)}`);
  for (const { label, n, precision, recall } of report.perLabel)
    console.log(
      `  ${label}: recall ${share(Math.round(recall * n), n)}, precision ${(precision * 100).toFixed(1)} %`,
    );
  console.log(
    `  ECE ${report.ece.toFixed(3)}; half of these rows calibrated the confidence, none the labels`,
  );
  expect(report.accuracy).toBeGreaterThan(0);
});

test('held-out documents that are pasted without a word, and tickets in the shape of a letter', async ({
  page,
}) => {
  const documents = documentRows().heldOut.filter(({ text }) => mayBeDocument(text));
  const tickets = loadCorpora()
    .corpora.find(({ id }) => id === 'banking-tickets')!
    .heldOut.slice(0, 200)
    .map(({ text }) => ({
      text: `Hello,\n\n${text}\n\nPlease let me know.\nMany thanks\nJo Miller`,
      label: 'ticket',
    }));
  await page.goto('/');
  const tasks = new Map<string, Map<string, number>>();
  for (const { text, label } of [...documents, ...tickets]) {
    const task = await page.evaluate(
      async (pasted) => (await window.flotilla.run({ text: pasted })).specialist.id,
      text,
    );
    const counts = tasks.get(label) ?? new Map<string, number>();
    tasks.set(label, counts.set(task, (counts.get(task) ?? 0) + 1));
  }
  for (const [label, counts] of tasks)
    console.log(`  pasted ${label}: ${[...counts].map(([id, n]) => `${id} ${n}`).join(', ')}`);
  expect(tasks.size).toBeGreaterThan(4);
});
