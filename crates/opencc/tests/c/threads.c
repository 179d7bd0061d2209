/* Eight threads with one converter, and errors in all of them. */
#include <opencc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static opencc_t converter;

static void *work(void *unused) {
  (void)unused;
  for (int i = 0; i < 300; i++) {
    char *converted = opencc_convert_utf8(converter, "鼠标里的头发", (size_t)-1);
    if (converted == NULL || strcmp(converted, "滑鼠裡的頭髮") != 0) {
      fprintf(stderr, "%s\n", converted == NULL ? opencc_error() : converted);
      exit(1);
    }
    opencc_convert_utf8_free(converted);
    if (opencc_convert_utf8(converter, "\xff", 1) != NULL || strstr(opencc_error(), "not UTF-8") == NULL) {
      fprintf(stderr, "no error: %s\n", opencc_error());
      exit(1);
    }
  }
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  converter = opencc_open("s2twp.json");
  for (int i = 0; i < 8; i++) {
    if (pthread_create(&threads[i], NULL, work, NULL) != 0) {
      return 1;
    }
  }
  for (int i = 0; i < 8; i++) {
    pthread_join(threads[i], NULL);
  }
  return opencc_close(converter);
}
