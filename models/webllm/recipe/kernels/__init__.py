"""WebGPU kernels in TVMScript: `barrier_free` for software adapters, `workgroup` for real GPUs, the rest for both."""
