/* Eight threads with one converter, and a message of its own for each. */
#include <fanjian.h>
#include <pthread.h>
#include <string.h>

#include "check.h"

static const fanjian_converter *converter;

static void *work(void *number) {
  char name[40], *out;
  size_t length;
  fanjian_converter *none;
  sprintf(name, "no-configuration-%d", *(const int *)number);
  for (int i = 0; i < 200; i++) {
    CHECK(fanjian_convert(converter, "鼠标里的头发，他不是只有一只猫", FANJIAN_NUL_TERMINATED, &out, &length) == FANJIAN_OK);
    CHECK(strcmp(out, "鼠標裡的頭髮，他不是只有一隻貓") == 0);
    fanjian_free(out);
    CHECK(fanjian_converter_new(name, &none) == FANJIAN_NOT_FOUND);
    CHECK(strstr(fanjian_error_message(), name) != NULL);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  int numbers[8];
  fanjian_converter *made;
  CHECK(fanjian_converter_new("zh-TW", &made) == FANJIAN_OK);
  converter = made;
  for (int i = 0; i < 8; i++) {
    numbers[i] = i;
    CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
  }
  for (int i = 0; i < 8; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
  fanjian_converter_free(made);
  return 0;
}
