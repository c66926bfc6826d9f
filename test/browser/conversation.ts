/** Conversations put into the page's own store, as if they had been held before. */
import type { Page } from '@playwright/test';
import type { Turn } from '../../src/core/conversation.ts';
import { expect } from './fixture.ts';

export type Seeded = Pick<Turn, 'text' | 'outcome'>;

export const question = (text: string): Seeded => ({ text, outcome: null });

export const generated = (text: string): Seeded => ({
  text,
  outcome: {
    state: 'done',
    model: 'house-slm@1.0.0',
    answer: null,
    failure: null,
    finish: 'stop',
    backend: '',
    firstTextMs: null,
    tokensPerSecond: null,
    format: 'text',
  },
});

const PARAGRAPH = 'A paragraph with **strong** words, `code` and a list:\n\n- one\n- two\n\n';

/** Questions and written answers in turn. */
export const longConversation = (turns: number): Seeded[] =>
  Array.from({ length: turns }, (_, i) =>
    i % 2 === 0 ? question(`question ${i}`) : generated(PARAGRAPH.repeat(4)),
  );

/** Puts a conversation into the page's own store, as if it had been held before. */
export async function seed(page: Page, id: string, turns: Seeded[]): Promise<void> {
  await page.evaluate(
    async ([conversation, seeded]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('flotilla-chats');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('the store does not open'));
      });
      const time = new Date().toISOString();
      const change = database.transaction(['conversations', 'turns'], 'readwrite');
      change.objectStore('conversations').put({ id: conversation, title: conversation, time });
      seeded.forEach((turn, index) => {
        const place = { id: `${conversation}-${index}`, conversation, seq: index + 1, time };
        change.objectStore('turns').put({ ...place, ...turn });
      });
      await new Promise((resolve) => (change.oncomplete = resolve));
      database.close();
    },
    [id, turns] as const,
  );
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Your message' })).toBeVisible();
}
