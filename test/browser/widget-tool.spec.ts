/** A tool that the host page offers to the language model is called only when the person in the frame agrees. */
import { CLOSE_TICKET } from './close-ticket.ts';
import { expect, test } from './embed-host.ts';
import { embedForm } from './widget-embed.ts';

test('the question shows the tool and what it is given; no is no', async ({
  page,
  site,
  portals,
}) => {
  test.setTimeout(300_000);
  await page.goto(`${portals.portal}/portal`);
  const form = await embedForm(page, site.url, { language: 'en' });
  /** The call that the page is to make, or the code of what went wrong. */
  const ask = (): Promise<string> =>
    page.evaluate(async (tool) => {
      try {
        const { choices } = await window.widget.chat.completions.create({
          model: 'house-slm',
          messages: [{ role: 'user', content: 'Close ticket 12.' }],
          max_tokens: 60,
          tool_choice: 'required',
          tools: [tool],
        });
        return choices[0].message.tool_calls?.[0]?.function.arguments ?? 'no call';
      } catch (error) {
        return (error as { code: string }).code;
      }
    }, CLOSE_TICKET);
  const question = form.getByRole('alertdialog', { name: /close_ticket/ });

  const agreed = ask();
  await expect(question).toBeVisible({ timeout: 120_000 });
  await expect(question.getByRole('region')).toContainText(/"id": \d+/);
  // A click counts once the question was seen, unmoved, for a moment.
  await expect(async () => {
    await question.getByRole('button', { name: 'Call', exact: true }).click({ timeout: 1_000 });
    await expect(question).toBeHidden({ timeout: 1_000 });
  }).toPass();
  expect(JSON.parse(await agreed)).toEqual({ id: expect.any(Number) as unknown });

  const refused = ask();
  await expect(question).toBeVisible({ timeout: 60_000 });
  await question.getByRole('button', { name: 'Do not call' }).press('Enter');
  expect(await refused).toBe('consent_denied');
});
