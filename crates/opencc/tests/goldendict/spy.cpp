// Loaded before the library: prints the first text that a program converts by SimpleConverter, its conversion, and the library
// that has converted it, and ends the program.
#include "SimpleConverter.hpp"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

std::string opencc::SimpleConverter::Convert(const std::string &input) const {
  void *symbol = dlsym(
      RTLD_NEXT, "_ZNK6opencc15SimpleConverter7ConvertERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
  Dl_info library;
  if (symbol == nullptr || dladdr(symbol, &library) == 0)
    std::abort();
  auto convert = reinterpret_cast<std::string (*)(const SimpleConverter *, const std::string &)>(symbol);
  std::printf("%s -> %s %s\n", input.c_str(), convert(this, input).c_str(), library.dli_fname);
  std::fflush(stdout);
  std::_Exit(0);
}
