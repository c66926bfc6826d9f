/** The message that opens a connection, and the words where it does not come about. */
import { PROTOCOL, type ConnectMessage, type GuestOptions } from '../core/embed-protocol.ts';
import { failure, type FlotillaError } from './errors.ts';
import type { Address } from './frame.ts';

/** Written by the build. */
declare const SDK_VERSION: string;
const VERSION = typeof SDK_VERSION === 'undefined' ? 'source' : SDK_VERSION;

export const greeting = (
  challenge: string,
  nonce: string,
  options: GuestOptions,
): ConnectMessage => ({
  flotilla: 'connect',
  protocol: PROTOCOL,
  challenge,
  nonce,
  sdk: VERSION,
  options,
});

/** 128 random bits, hexadecimal. */
export const freshNonce = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

interface Attempt {
  address: Address;
  timeoutMs: number;
}

export const nothingHeard = ({ address: { href }, timeoutMs }: Attempt): FlotillaError =>
  failure('frame_blocked', `Nothing was heard of ${new URL(href).origin} within ${timeoutMs} ms.`);

export const notConnected = ({ timeoutMs }: Attempt): FlotillaError =>
  failure('timed_out', `The widget did not connect within ${timeoutMs} ms.`);

export const otherVersion = (protocol: number): FlotillaError =>
  failure(
    'version_mismatch',
    `The frame speaks version ${protocol} of the protocol, this SDK (${VERSION}) version ${PROTOCOL}.`,
  );
