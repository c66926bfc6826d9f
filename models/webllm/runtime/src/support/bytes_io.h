// Streams over bytes in memory. The wheel leaves this header out.
#ifndef TVM_SUPPORT_BYTES_IO_H_
#define TVM_SUPPORT_BYTES_IO_H_
#include <tvm/ffi/string.h>
#include <tvm/support/io.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace tvm {
namespace support {

// Reads; what is written is dropped.
class BytesInStream : public Stream {
 public:
  BytesInStream(const char* data, size_t size) : rest_(data), left_(size) {}
  explicit BytesInStream(const std::string& text) : BytesInStream(text.data(), text.size()) {}
  explicit BytesInStream(const ffi::Bytes& bytes) : BytesInStream(bytes.data(), bytes.size()) {}
  using Stream::Read;
  using Stream::Write;
  size_t Read(void* to, size_t bytes) override {
    bytes = std::min(bytes, left_);
    if (bytes > 0) std::memcpy(to, rest_, bytes);
    rest_ += bytes;
    left_ -= bytes;
    return bytes;
  }
  size_t Write(const void*, size_t) override { return 0; }

 private:
  const char* rest_;
  size_t left_;
};

// Writes; there is nothing to read.
class BytesOutStream : public Stream {
 public:
  explicit BytesOutStream(std::string* out) : out_(out) {}
  using Stream::Read;
  using Stream::Write;
  size_t Read(void*, size_t) override { return 0; }
  size_t Write(const void* from, size_t bytes) override {
    out_->append(static_cast<const char*>(from), bytes);
    return bytes;
  }

 private:
  std::string* out_;
};

}  // namespace support
}  // namespace tvm
#endif
