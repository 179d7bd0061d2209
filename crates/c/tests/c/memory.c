/* Without memory for a text, calls return an error, and the process goes on. */
#include <fanjian.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define LENGTH ((size_t)30000000)

/* The bytes of address space that the process has. */
static size_t in_use(void) {
  size_t pages;
  FILE *file = fopen("/proc/self/statm", "r");
  CHECK(file != NULL && fscanf(file, "%zu", &pages) == 1);
  fclose(file);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static fanjian_status convert(const fanjian_converter *converter, const char *text) {
  char *out;
  size_t length;
  fanjian_status status = fanjian_convert(converter, text, LENGTH, &out, &length);
  CHECK(status == FANJIAN_OK ? length == LENGTH : out == NULL && length == 0);
  fanjian_free(out);
  return status;
}

static fanjian_status push(const fanjian_converter *converter, const char *text) {
  const char *out;
  size_t length;
  fanjian_stream *stream;
  fanjian_status status;
  CHECK(fanjian_stream_new(converter, &stream) == FANJIAN_OK);
  status = fanjian_stream_push(stream, text, LENGTH, &out, &length);
  CHECK(status == FANJIAN_OK || (out == NULL && length == 0));
  /* What is lost stays lost. */
  CHECK(fanjian_stream_push(stream, "a", 1, &out, &length) == status);
  fanjian_stream_free(stream);
  return status;
}

/* How a call ends in a process that can take so many megabytes more. What an earlier call has freed, a process may keep. */
static fanjian_status limited(fanjian_status (*call)(const fanjian_converter *, const char *), const fanjian_converter *converter,
                              const char *text, size_t megabytes) {
  int status;
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
    limit.rlim_cur = in_use() + (megabytes << 20);
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    /* Behind the values of failed checks. */
    _exit(100 + (int)call(converter, text));
  }
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) >= 100);
  return (fanjian_status)(WEXITSTATUS(status) - 100);
}

int main(void) {
  static const char *const names[] = {"s2t", "zh-TW"};
  char *text = malloc(LENGTH);
  CHECK(text != NULL);
  for (size_t i = 0; i < LENGTH; i += 3) memcpy(text + i, "头", 3);
  for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
    fanjian_converter *converter;
    CHECK(fanjian_converter_new(names[name], &converter) == FANJIAN_OK);
    CHECK(fanjian_converter_prepare(converter) == FANJIAN_OK);
    for (size_t megabytes = 5; megabytes <= 25; megabytes += 10) {
      CHECK(limited(convert, converter, text, megabytes) == FANJIAN_NO_MEMORY);
      CHECK(limited(push, converter, text, megabytes) == FANJIAN_NO_MEMORY);
    }
    CHECK(limited(convert, converter, text, 60) == FANJIAN_OK);
    CHECK(limited(push, converter, text, 60) == FANJIAN_OK);
    fanjian_converter_free(converter);
  }
  free(text);
  return 0;
}
