/* The structures have the layout that the library was built with, whose source has the same sizes. */
#include <fanjian.h>
#include <string.h>

#include "check.h"

int main(void) {
  CHECK(sizeof(fanjian_segment) == 5 * sizeof(size_t));
  CHECK(offsetof(fanjian_segment, output) == 2 * sizeof(size_t));
  CHECK(offsetof(fanjian_segment, is_converted) == 4 * sizeof(size_t));
  CHECK(sizeof(fanjian_detection) == 64);
  CHECK(offsetof(fanjian_detection, confidence) == 8);
  CHECK(offsetof(fanjian_detection, japanese) == 56);
  CHECK(strcmp(fanjian_version(), VERSION) == 0);
  CHECK(strcmp(fanjian_opencc_version(), OPENCC_VERSION) == 0);
  return 0;
}
