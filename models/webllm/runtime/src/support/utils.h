// The one string function that the runtime takes from this header. The wheel leaves it out.
#ifndef TVM_SUPPORT_UTILS_H_
#define TVM_SUPPORT_UTILS_H_
#include <string>

namespace tvm {
namespace support {
inline bool StartsWith(const std::string& text, const std::string& beginning) {
  return text.compare(0, beginning.size(), beginning) == 0;
}
}  // namespace support
}  // namespace tvm
#endif
