/* Errors, lengths, NUL bytes, buffers, and the folders in which names are looked for. */
#include <opencc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "%s:%d: %s: last error: %s\n", __FILE__, __LINE__, #condition, opencc_error());                  \
      exit(1);                                                                                                         \
    }                                                                                                                  \
  } while (0)

static const size_t ALL = (size_t)-1;
static const opencc_t NONE = (opencc_t)-1;

/* A configuration of this name converts so. */
static void converts(const char *name, const char *text, const char *expected) {
  opencc_t converter = opencc_open(name);
  char *converted;
  CHECK(converter != NONE);
  converted = opencc_convert_utf8(converter, text, ALL);
  CHECK(converted != NULL);
  if (strcmp(converted, expected) != 0) {
    fprintf(stderr, "%s: %s became %s, not %s\n", name, text, converted, expected);
    exit(1);
  }
  opencc_convert_utf8_free(converted);
  CHECK(opencc_close(converter) == 0);
}

int main(int argc, char **argv) {
  opencc_t converter;
  char *converted, buffer[100];
  CHECK(argc == 3);
  CHECK(opencc_error()[0] == '\0');

  converter = opencc_open(NULL);
  CHECK(converter != NULL && converter != NONE);
  converted = opencc_convert_utf8(converter, "头发头发", 6);
  CHECK(strcmp(converted, "頭髮") == 0);
  opencc_convert_utf8_free(converted);
  /* NUL bytes are text, if a length is given. */
  converted = opencc_convert_utf8(converter, "头发\0头发", 13);
  CHECK(memcmp(converted, "頭髮\0頭髮", 14) == 0);
  opencc_convert_utf8_free(converted);
  converted = opencc_convert_utf8(converter, "头发\0头发", ALL);
  CHECK(memcmp(converted, "頭髮", 7) == 0);
  opencc_convert_utf8_free(converted);
  converted = opencc_convert_utf8(converter, "", 0);
  CHECK(converted != NULL && converted[0] == '\0');
  opencc_convert_utf8_free(converted);

  /* The other function stops at a NUL, and writes one. */
  memset(buffer, 'x', sizeof buffer);
  CHECK(opencc_convert_utf8_to_buffer(converter, "头发\0头发", 13, buffer) == 6);
  CHECK(memcmp(buffer, "頭髮\0x", 8) == 0);
  CHECK(opencc_convert_utf8_to_buffer(converter, "头发头", ALL, buffer) == 9 && strcmp(buffer, "頭髮頭") == 0);
  CHECK(opencc_convert_utf8_to_buffer(converter, "头发头", 6, buffer) == 6 && strcmp(buffer, "頭髮") == 0);

  /* Errors. */
  CHECK(opencc_convert_utf8(converter, "\xff", 1) == NULL);
  CHECK(strstr(opencc_error(), "not UTF-8") != NULL);
  CHECK(opencc_convert_utf8_to_buffer(converter, "\xff", 1, buffer) == ALL);
  CHECK(opencc_convert_utf8(converter, NULL, 3) == NULL);
  CHECK(opencc_close(converter) == 0);
  CHECK(opencc_open("no-such-configuration.json") == NONE);
  CHECK(strstr(opencc_error(), "no-such-configuration.json") != NULL);
  CHECK(opencc_convert_utf8(NONE, "a", 1) == NULL);
  CHECK(opencc_close(NONE) == 0);
  opencc_convert_utf8_free(NULL);

  /* Names, with and without the end of a file; the constants; dictionaries with a risk of tofu take part. */
  converts("s2twp", "鼠标", "滑鼠");
  converts(OPENCC_DEFAULT_CONFIG_SIMP_TO_TRAD, "头发", "頭髮");
  converts(OPENCC_DEFAULT_CONFIG_TRAD_TO_SIMP, "頭髮", "头发");
  converts("t2s", "㐵", TOFU);

  /* A path; the folder of OPENCC_DATA_DIR; the working folder, which is searched before that one. */
  {
    char path[4096];
    sprintf(path, "%s/own.json", argv[1]);
    converts(path, "头发", "頭發");
    CHECK(setenv("OPENCC_DATA_DIR", argv[1], 1) == 0);
    converts("own.json", "头发", "頭發");
    converts("own", "头发", "頭發");
    CHECK(chdir(argv[2]) == 0);
    converts("own.json", "头发", "头发");
  }
  return 0;
}
