/* A check that stays in builds without assertions, and shows the library's message. */
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "%s:%d: %s: last error: %s\n", __FILE__, __LINE__, #condition, fanjian_error_message());         \
      exit(1);                                                                                                         \
    }                                                                                                                  \
  } while (0)
