/** A host page with one frame, as far as the SDK sees it: real ports, a frame that the test loads, and a guest that it plays. */
import type {
  CallName,
  ConnectMessage,
  ToGuest,
  ToHost,
} from '../../../src/core/embed-protocol.ts';
import { PROTOCOL } from '../../../src/core/embed-protocol.ts';
import { TASKS } from '../../../src/core/request.ts';
import { LAYOUTS } from '../../../src/core/embed.ts';

export const WIDGET = 'https://flotilla.example/widget.html';
const ORIGIN = new URL(WIDGET).origin;

type Call = Extract<ToGuest, { kind: 'call' }>;

export const RULES = { tasks: TASKS, layouts: LAYOUTS, manage: true };

/** One document of the frame: its side of the port, and what it heard. */
export class Guest {
  readonly heard: ToGuest[] = [];
  readonly connect: ConnectMessage;
  readonly target: string;
  readonly port: MessagePort;
  onCall: (call: Call) => void = () => undefined;
  onMessage: (message: ToGuest) => void = () => undefined;

  constructor(connect: ConnectMessage, target: string, port: MessagePort) {
    this.connect = connect;
    this.target = target;
    this.port = port;
    port.onmessage = ({ data }: MessageEvent<ToGuest>) => {
      this.heard.push(data);
      this.onMessage(data);
      if (data.kind === 'call') this.onCall(data);
    };
  }

  say(message: ToHost): void {
    this.port.postMessage(message);
  }

  admit(): this {
    this.say({
      kind: 'connected',
      nonce: this.connect.nonce,
      protocol: PROTOCOL,
      build: 'b1',
      rules: RULES,
    });
    return this;
  }

  /** Accepts every call and answers it with what `value` gives. */
  serve(value: (call: Call) => unknown): this {
    this.onCall = (call) => {
      this.say({ kind: 'accepted', id: call.id });
      this.say({ kind: 'result', id: call.id, value: value(call) });
    };
    return this;
  }

  calls(name: CallName): Call[] {
    return this.heard.filter((one): one is Call => one.kind === 'call' && one.call === name);
  }
}

class FrameWindow {
  readonly posted: { message: ConnectMessage; target: string; port: MessagePort }[] = [];
  onConnect: (guest: Guest) => void = () => undefined;

  postMessage(message: ConnectMessage, target: string, [port]: MessagePort[]): void {
    const copy = structuredClone(message);
    this.posted.push({ message: copy, target, port: port! });
    this.onConnect(new Guest(copy, target, port!));
  }
}

export class Frame extends EventTarget {
  readonly attributes: Record<string, string> = {};
  readonly style: Record<string, string> = {};
  readonly page: HostPage;
  contentWindow: FrameWindow | null = null;
  isConnected = false;
  src = '';
  title = '';

  constructor(page: HostPage) {
    super();
    this.page = page;
  }

  get ownerDocument(): HostPage {
    return this.page;
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  getRootNode(): HostPage {
    return this.page;
  }

  focus(): void {
    this.page.activeElement = this;
  }

  blur(): void {
    this.page.activeElement = null;
  }

  remove(): void {
    this.isConnected = false;
    this.contentWindow = null;
  }
}

/** Document and window in one. */
export class HostPage extends EventTarget {
  readonly baseURI = 'https://portal.example/tickets/';
  readonly documentElement = { lang: 'de' };
  readonly frames: Frame[] = [];
  readonly body = {
    ownerDocument: this as HostPage,
    append: (frame: Frame): void => {
      frame.isConnected = true;
      frame.contentWindow = new FrameWindow();
      frame.contentWindow.onConnect = (guest) => this.onGuest(guest);
      this.frames.push(frame);
      this.onFrame(frame);
    },
  };
  activeElement: unknown = null;
  /** A frame was put into the page. */
  onFrame: (frame: Frame) => void = (frame) => this.ready(frame);
  /** A document of the frame got its connect. */
  onGuest: (guest: Guest) => void = (guest) => void guest.admit();

  get defaultView(): this {
    return this;
  }

  createElement(): Frame {
    return new Frame(this);
  }

  /** The frame's document says that it listens; each call is another load. */
  ready(
    frame: Frame,
    change: Partial<{ data: unknown; origin: string; source: unknown }> = {},
  ): void {
    const data = { flotilla: 'ready', protocol: PROTOCOL, challenge: crypto.randomUUID() };
    queueMicrotask(() => {
      const init = { data, origin: ORIGIN, source: frame.contentWindow, ...change };
      this.dispatchEvent(Object.assign(new Event('message'), init));
    });
  }
}

export const answer = (id: string, label = 'refund'): Record<string, unknown> => ({
  id,
  task: 'classify',
  specialist: { id: 'banking-tickets', version: '1' },
  output: { label, scores: [] },
  confidence: 0.9,
  status: 'accepted',
  inferenceSource: 'on_device',
  decision: { object: 'routing.decision', tier: 'static', reason: 'local_ok' },
  egress: { bytes: 0, receipt: null },
  usage: { ms: 1, cost: 0, currency: 'EUR' },
});

/** Lets messages that are under way arrive. */
export const settled = async (rounds = 3): Promise<void> => {
  for (let i = 0; i < rounds; i++) await new Promise((resolve) => setTimeout(resolve, 5));
};
