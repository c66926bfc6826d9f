/** The graphics device under WebLLM: what the adapter can do, and when the device is lost or runs out of memory. */
import { fail, ok, type Failure, type Result } from '../../../src/core/failure.ts';
import type { GenerationModel } from '../../../src/core/generation-model.ts';

export interface AdapterKind {
  /** For people: vendor and architecture as the browser names them. */
  name: string;
  /** Simulated by the processor. */
  software: boolean;
}

/** Fails with `no_webgpu` where there is no adapter or it cannot run this model. */
export async function findAdapter(
  gpu: GPU | undefined,
  { needs }: Pick<GenerationModel, 'needs'>,
): Promise<Result<AdapterKind>> {
  if (!gpu) return fail('no_webgpu', 'This browser offers no WebGPU to workers.');
  const adapter = await requestAdapter(gpu);
  if (!adapter) return fail('no_webgpu', 'The browser found no graphics adapter for WebGPU.');
  if (needs.shaderF16 && !adapter.features.has('shader-f16'))
    return fail('no_webgpu', 'The model needs half-precision shaders, which this adapter lacks.');
  const { maxBufferSize } = adapter.limits;
  if (needs.maxBufferBytes > maxBufferSize)
    return fail(
      'no_webgpu',
      `The model needs buffers of ${needs.maxBufferBytes} bytes; this adapter allows ${maxBufferSize}.`,
    );
  const { vendor, architecture, description } = adapter.info;
  const words = `${vendor} ${architecture} ${description}`;
  return ok({
    name: `${vendor} ${architecture}`.trim() || 'unnamed adapter',
    software:
      adapter.info.isFallbackAdapter ||
      /swiftshader|llvmpipe|lavapipe|basic render|software/i.test(words),
  });
}

/** After the graphics process was reset the browser needs a moment to start it again. */
const TRIES = 4;
const PAUSE_MS = 400;

async function requestAdapter(gpu: GPU): Promise<GPUAdapter | null> {
  for (let left = TRIES; left > 0; left--) {
    const adapter = await gpu
      .requestAdapter({ powerPreference: 'high-performance' })
      .catch(() => null);
    if (adapter) return adapter;
    if (left > 1) await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return null;
}

/** Watches the devices that are made on this thread while it is in force. */
export interface DeviceWatch {
  /** Settles when a device is lost that was not given back. */
  lost: Promise<Failure>;
  /** What went wrong on the device so far: its results are not to be trusted any more. */
  failure(): Failure | null;
  /** Destroys the devices; that counts as given back. */
  release(): void;
}

type RequestDevice = (this: GPUAdapter, descriptor?: GPUDeviceDescriptor) => Promise<GPUDevice>;

/** WebLLM requests its device itself, so the request is overheard. */
export function watchDevices(): DeviceWatch {
  const devices = new Set<GPUDevice>();
  let released = false;
  let failure: Failure | null = null;
  let tellLost: (failure: Failure) => void = () => undefined;
  const lost = new Promise<Failure>((resolve) => (tellLost = resolve));
  const original: RequestDevice = Reflect.get(GPUAdapter.prototype, 'requestDevice');
  // WebLLM then unloads itself in a call that nobody waits for, and fails: the loss is told here, once.
  globalThis.addEventListener('unhandledrejection', (event) => {
    if (released || failure !== null) event.preventDefault();
  });
  const listen = (device: GPUDevice): void => {
    devices.add(device);
    void device.lost.then(({ reason, message }) => {
      if (released) return;
      // WebLLM destroys the device itself when it cannot have a buffer.
      failure =
        reason === 'destroyed'
          ? NO_MEMORY
          : { code: 'device_lost', message: `The graphics device was lost. ${message}`.trim() };
      tellLost(failure);
    });
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault();
      failure ??= uncaptured(event.error);
    });
  };
  GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, descriptor) {
    const device = await original.call(this, descriptor);
    if (released) device.destroy();
    else listen(device);
    return device;
  };
  return {
    lost,
    failure: () => failure,
    release: () => {
      released = true;
      GPUAdapter.prototype.requestDevice = original;
      for (const device of devices) device.destroy();
      devices.clear();
    },
  };
}

const NO_MEMORY: Failure = {
  code: 'out_of_memory',
  message: 'The graphics device has no memory left for the model.',
};

function uncaptured(error: GPUError): Failure {
  return error instanceof GPUOutOfMemoryError
    ? NO_MEMORY
    : { code: 'runtime_failed', message: `The graphics device reported: ${error.message}` };
}
