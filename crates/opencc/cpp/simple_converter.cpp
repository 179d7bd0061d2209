// opencc::SimpleConverter, by the functions of opencc.h.
#include "../include/opencc.h"

#include <stdexcept>

// As opencc_convert_utf8(), with the length of the result. Not exported.
extern "C" char *fanjian_opencc_convert(opencc_t converter, const char *text, std::size_t length, std::size_t *written);

namespace {

const std::size_t ALL = static_cast<std::size_t>(-1);

opencc_t converter(const void *data) { return const_cast<void *>(data); }

// A string of the C functions, freed whatever happens.
struct Text {
  char *text;
  explicit Text(char *text) : text(text) {}
  ~Text() { opencc_convert_utf8_free(text); }
  Text(const Text &) = delete;
  Text &operator=(const Text &) = delete;
};

} // namespace

namespace opencc {

SimpleConverter::SimpleConverter(const std::string &config) : internalData(opencc_open(config.c_str())) {
  if (internalData == reinterpret_cast<const void *>(-1)) {
    throw std::runtime_error(opencc_error());
  }
}

SimpleConverter::~SimpleConverter() { opencc_close(converter(internalData)); }

std::string SimpleConverter::Convert(const std::string &input) const { return Convert(input.data(), input.size()); }

std::string SimpleConverter::Convert(const char *input) const { return Convert(input, ALL); }

std::string SimpleConverter::Convert(const char *input, std::size_t length) const {
  std::size_t written = 0;
  const Text converted(fanjian_opencc_convert(converter(internalData), input, length, &written));
  if (converted.text == nullptr) {
    throw std::runtime_error(opencc_error());
  }
  return std::string(converted.text, written);
}

std::size_t SimpleConverter::Convert(const char *input, char *output) const { return Convert(input, ALL, output); }

std::size_t SimpleConverter::Convert(const char *input, std::size_t length, char *output) const {
  const std::size_t written = opencc_convert_utf8_to_buffer(converter(internalData), input, length, output);
  if (written == ALL) {
    throw std::runtime_error(opencc_error());
  }
  return written;
}

} // namespace opencc
