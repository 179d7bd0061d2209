/* Converts standard input, line by line, by the configuration of the first argument: as the original's documentation has it. */
#include <opencc.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  static char line[1 << 16];
  opencc_t converter = opencc_open(argc > 1 ? argv[1] : NULL);
  if (converter == (opencc_t)-1) {
    fprintf(stderr, "%s\n", opencc_error());
    return 1;
  }
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *converted = opencc_convert_utf8(converter, line, strlen(line));
    if (converted == NULL) {
      fprintf(stderr, "%s\n", opencc_error());
      return 1;
    }
    fputs(converted, stdout);
    opencc_convert_utf8_free(converted);
  }
  return opencc_close(converter);
}
