// A byte stream with the names that TVM's runtime uses; the wheel leaves this header out.
#ifndef TVM_SUPPORT_IO_H_
#define TVM_SUPPORT_IO_H_
#include <cstddef>
#include <cstdint>

namespace tvm {
namespace support {

// How a type is written and read; specialised in serializer.h and in the runtime.
template <typename T, typename = void>
struct Serializer {
  static constexpr bool enabled = false;
};

class Stream {
 public:
  virtual ~Stream() = default;
  // Number of bytes that were read; fewer than asked for at the end.
  virtual size_t Read(void* to, size_t bytes) = 0;
  virtual size_t Write(const void* from, size_t bytes) = 0;

  template <typename T>
  void Write(const T& value) {
    Serializer<T>::Write(this, value);
  }
  template <typename T>
  bool Read(T* value) {
    return Serializer<T>::Read(this, value);
  }
  template <typename T>
  void WriteArray(const T* values, size_t count) {
    for (const T* end = values + count; values != end; ++values) Write(*values);
  }
  template <typename T>
  bool ReadArray(T* values, size_t count) {
    for (T* end = values + count; values != end; ++values) {
      if (!Read(values)) return false;
    }
    return true;
  }
};

}  // namespace support
}  // namespace tvm
#include <tvm/support/serializer.h>
#endif
