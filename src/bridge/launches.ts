/** Files that the system opens with the installed app, and pages that its shortcuts open in a window that is there. */
import type { NamedBlob } from '../core/intake.ts';
import type { Launch, LaunchDoor } from '../core/installed.ts';

/** `LaunchParams` of the browser, as far as it is used; only some browsers have it. */
interface LaunchParams {
  readonly targetURL?: string;
  readonly files: readonly { getFile(): Promise<NamedBlob> }[];
}

interface LaunchQueue {
  setConsumer(consumer: (params: LaunchParams) => void): void;
}

declare global {
  interface Window {
    readonly launchQueue?: LaunchQueue;
  }
}

/** The browser keeps launches until somebody listens, so none is lost while the page starts. */
export function openLaunches(queue: LaunchQueue | undefined = window.launchQueue): LaunchDoor {
  return {
    onLaunch: (listener) => queue?.setConsumer((params) => void launchOf(params).then(listener)),
  };
}

async function launchOf({ targetURL, files: handles }: LaunchParams): Promise<Launch> {
  const read = await Promise.allSettled(handles.map((handle) => handle.getFile()));
  return {
    files: read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    unread: read.filter(({ status }) => status === 'rejected').length,
    place: targetURL !== undefined && URL.canParse(targetURL) ? new URL(targetURL).hash : '',
  };
}
