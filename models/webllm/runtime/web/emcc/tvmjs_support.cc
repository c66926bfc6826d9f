// The C functions that WebLLM's JavaScript runtime calls, without the remote sessions of TVM's own file.
#define TVM_LOG_DEBUG 0
#define TVM_LOG_CUSTOMIZE 1
#define TVM_FFI_ALWAYS_LOG_BEFORE_THROW 1
#include <tvm/ffi/function.h>
#include <tvm/runtime/device_api.h>

#include <string>

extern "C" {
TVM_DLL void* TVMWasmAllocSpace(int bytes);
TVM_DLL void TVMWasmFreeSpace(void* space);
TVM_DLL int TVMFFIWasmFunctionCreate(void* handle, TVMFFIObjectHandle* out);
TVM_DLL const char* TVMFFIWasmGetLastError();
// Given by JavaScript when the module is instantiated.
extern int TVMFFIWasmSafeCall(void* self, const TVMFFIAny* arguments, int32_t count, TVMFFIAny* result);
extern void TVMFFIWasmFunctionDeleter(void* self);
}

// In units of 64 bits, so that the space is aligned for every argument.
void* TVMWasmAllocSpace(int bytes) { return new int64_t[(bytes + 7) / 8]; }

void TVMWasmFreeSpace(void* space) { delete[] static_cast<int64_t*>(space); }

int TVMFFIWasmFunctionCreate(void* handle, TVMFFIObjectHandle* out) {
  return TVMFFIFunctionCreate(handle, TVMFFIWasmSafeCall, TVMFFIWasmFunctionDeleter, out);
}

const char* TVMFFIWasmGetLastError() {
  static std::string message;
  message = ::tvm::ffi::details::MoveFromSafeCallRaised().what();
  return message.c_str();
}
