/** The form's side of the connection. */
import { expect, it, vi } from 'vitest';
import { FormHost } from '../../src/guest/form-host.ts';

const ADMISSION = {
  rules: { tasks: [], layouts: [], manage: false },
  look: {},
  mayLeave: () => [],
} as const;

it('keeps a focus that the host page handed in before there was a form', () => {
  const host = new FormHost('https://portal.example', ADMISSION, () => undefined);
  const focus = vi.fn();
  host.focus();
  host.onFocus(focus);
  expect(focus).toHaveBeenCalledOnce();
  host.onFocus(() => undefined);
  expect(focus).toHaveBeenCalledOnce();
  host.focus();
  expect(focus).toHaveBeenCalledTimes(2);
});
