// TVM can write a tensor as base64 text. A browser never does, so these only have to compile: bytes pass as they are.
#ifndef TVM_SUPPORT_BASE64_H_
#define TVM_SUPPORT_BASE64_H_
#include <tvm/support/io.h>

namespace tvm {
namespace support {

class PassingStream : public Stream {
 public:
  explicit PassingStream(Stream* inner) : inner_(inner) {}
  using Stream::Read;
  using Stream::Write;
  size_t Read(void* to, size_t bytes) override { return inner_->Read(to, bytes); }
  size_t Write(const void* from, size_t bytes) override { return inner_->Write(from, bytes); }
  void InitPosition() {}
  void Finish() {}

 private:
  Stream* inner_;
};

using Base64InStream = PassingStream;
using Base64OutStream = PassingStream;

}  // namespace support
}  // namespace tvm
#endif
