/** Fetches the file of an example from this origin. */
import { FlotillaError } from '../core/failure.ts';
import type { NamedBlob } from '../core/intake.ts';

/** `address` is on this origin. Throws FlotillaError file_missing. */
export async function fileOfExample(address: string): Promise<NamedBlob> {
  const name = address.split('/').at(-1) ?? 'example';
  const response = await fetch(address).catch(() => null);
  if (!response?.ok)
    throw new FlotillaError({
      code: 'file_missing',
      message: `The example ${name} could not be fetched.`,
    });
  const blob = await response.blob();
  return new File([blob], name, { type: blob.type });
}
