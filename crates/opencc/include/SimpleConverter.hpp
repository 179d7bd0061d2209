// The class opencc::SimpleConverter, with the layout and the symbols of libopencc's.
#ifndef FANJIAN_OPENCC_SIMPLE_CONVERTER_HPP
#define FANJIAN_OPENCC_SIMPLE_CONVERTER_HPP

#include <cstddef>
#include <string>

namespace opencc {

// A converter, which several threads may use at once. Errors are thrown as std::runtime_error.
class SimpleConverter {
public:
  // As opencc_open().
  SimpleConverter(const std::string &config);
  ~SimpleConverter();

  // Converts UTF-8, NUL bytes included.
  std::string Convert(const std::string &input) const;
  // Up to a NUL.
  std::string Convert(const char *input) const;
  // This many bytes.
  std::string Convert(const char *input, std::size_t length) const;
  // As opencc_convert_utf8_to_buffer(), up to a NUL.
  std::size_t Convert(const char *input, char *output) const;
  // As opencc_convert_utf8_to_buffer().
  std::size_t Convert(const char *input, std::size_t length, char *output) const;

private:
  // A class of libopencc can be copied, too, and a copy closes the same converter again. Programs do not.
  const void *internalData;
};

} // namespace opencc

#endif
