// The class, as programs in C++ use it.
#include <opencc.h>

#include <cstring>
#include <iostream>
#include <stdexcept>

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      std::cerr << __FILE__ << ":" << __LINE__ << ": " << #condition << "\n";                                          \
      return 1;                                                                                                        \
    }                                                                                                                  \
  } while (0)

// Whether this throws, with a message that holds `part`.
template <typename Call> static bool fails(const char *part, Call call) {
  try {
    call();
  } catch (const std::runtime_error &error) {
    return std::strstr(error.what(), part) != nullptr;
  }
  return false;
}

int main() {
  static_assert(sizeof(opencc::SimpleConverter) == sizeof(void *), "programs allocate it");
  const opencc::SimpleConverter converter("s2twp.json");
  CHECK(converter.Convert(std::string("鼠标里的头发")) == "滑鼠裡的頭髮");
  CHECK(converter.Convert("头发") == "頭髮");
  CHECK(converter.Convert("头发头发", 6) == "頭髮");
  CHECK(converter.Convert(std::string()).empty());
  const std::string nul("头\0发\0", 8);
  CHECK(converter.Convert(nul) == std::string("頭\0發\0", 8));
  char buffer[100];
  CHECK(converter.Convert("头发", buffer) == 6 && std::strcmp(buffer, "頭髮") == 0);
  CHECK(converter.Convert("头发头发", 6, buffer) == 6 && std::strcmp(buffer, "頭髮") == 0);
  CHECK(fails("no-such.json", [] { opencc::SimpleConverter none("no-such.json"); }));
  CHECK(fails("not UTF-8", [&] { converter.Convert(std::string("\xff")); }));
  CHECK(fails("not UTF-8", [&] { converter.Convert("\xff", buffer); }));
  return 0;
}
