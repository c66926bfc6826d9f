/** Embeds the widget with the real SDK in a page on another port, for the tests of its form. */
import type { FrameLocator, Page } from '@playwright/test';
import type {
  connect as Connect,
  ConnectOptions,
  FlotillaConnection,
} from '../../src/sdk/index.ts';

/** What the host page heard of the form. */
export interface HeardOfForm {
  answered: string[];
  corrected: (string | null)[];
}

declare global {
  interface Window {
    widget: FlotillaConnection;
    heardOfForm: HeardOfForm;
  }
}

export type Embedding = Omit<ConnectOptions, 'container' | 'signal' | 'onAnswered' | 'onCorrected'>;

/** On the page that is open. The frame is in a box of its own after what is there, or as wide as `width` says. */
export async function embedForm(
  page: Page,
  site: string,
  options: Embedding = {},
  width = '',
): Promise<FrameLocator> {
  await page.evaluate(
    async ({ sdk, options, width }) => {
      const { connect } = (await import(sdk)) as { connect: typeof Connect };
      const container = document.createElement('div');
      container.style.width = width;
      document.body.append(container);
      const heard: HeardOfForm = { answered: [], corrected: [] };
      window.heardOfForm = heard;
      window.widget = await connect({
        ...options,
        container,
        onAnswered: ({ status }) => heard.answered.push(status),
        onCorrected: (_answer, label) => heard.corrected.push(label),
      });
    },
    { sdk: new URL('sdk.js', site).href, options, width },
  );
  return page.locator('iframe').last().contentFrame();
}
