#!/bin/sh
# Links a shared library that takes the place of libopencc: link.sh ARCHIVE SONAME OUTPUT
#
# ARCHIVE is libfanjian_opencc.a, SONAME the name that a program asks for, such as libopencc.so.1.1.
set -eu
if [ $# -ne 3 ]; then
  echo "usage: link.sh ARCHIVE SONAME OUTPUT" >&2
  exit 2
fi
here=$(dirname "$0")
object=$(mktemp --suffix=.o)
trap 'rm -f "$object"' EXIT
"${CXX:-g++}" -std=c++11 -O2 -Wall -Wextra -fPIC -c "$here/cpp/simple_converter.cpp" -o "$object"
"${CXX:-g++}" -shared -o "$3" "-Wl,-soname,$2" "-Wl,--version-script=$here/exports.map" -Wl,--gc-sections -Wl,-z,defs \
  "$object" "$1" -lpthread -ldl -lm
