/* Errors: their values, their messages, and what is left in the places of results. */
#include <fanjian.h>
#include <string.h>

#include "check.h"

#define FAILS(status, part, call)                                                                                      \
  do {                                                                                                                 \
    CHECK((call) == (status));                                                                                         \
    CHECK(strstr(fanjian_error_message(), part) != NULL);                                                              \
  } while (0)

int main(void) {
  fanjian_converter *converter;
  fanjian_stream *stream = NULL;
  fanjian_segment *segments;
  fanjian_detection detection;
  fanjian_options *options = fanjian_options_new();
  char *out;
  const char *shown;
  size_t length;

  CHECK(fanjian_error_message()[0] == '\0');
  FAILS(FANJIAN_NOT_FOUND, "'s2x': did you mean 's2t'? Expected one of zh-Hans, ", fanjian_converter_new("s2x", &converter));
  CHECK(converter == NULL);
  FAILS(FANJIAN_NOT_FOUND, "'zh-XX'; expected one of zh-Hans, ", fanjian_converter_new("zh-XX", &converter));
  FAILS(FANJIAN_NOT_FOUND, "'zh-TV': did you mean 'zh-TW'? Expected", fanjian_converter_new("zh-TV", &converter));
  FAILS(FANJIAN_NOT_FOUND, "''; expected one of zh-Hans, ", fanjian_converter_new("", &converter));
  FAILS(FANJIAN_NOT_FOUND, "several targets: zh-Hans", fanjian_converter_new("zh", &converter));
  FAILS(FANJIAN_NOT_FOUND, "'no/such.json': no such file", fanjian_converter_new("no/such.json", &converter));
  FAILS(FANJIAN_NOT_FOUND, "'/tmp': that is a folder", fanjian_converter_new("/tmp", &converter));
  FAILS(FANJIAN_ARGUMENT, "name is NULL", fanjian_converter_new(NULL, &converter));
  FAILS(FANJIAN_ARGUMENT, "out is NULL", fanjian_converter_new("s2t", NULL));
  FAILS(FANJIAN_INVALID_UTF8, "name is not UTF-8", fanjian_converter_new("\xff", &converter));
  FAILS(FANJIAN_ARGUMENT, "options is NULL", fanjian_converter_with_options(NULL, &converter));
  FAILS(FANJIAN_ARGUMENT, "options is NULL", fanjian_options_config(NULL, "s2t"));

  FAILS(FANJIAN_NOT_FOUND, "zh-XX", fanjian_options_target(options, "zh-XX"));
  FAILS(FANJIAN_NOT_FOUND, "some", fanjian_options_vocabulary(options, "some"));
  FAILS(FANJIAN_CONFIG, "頭", fanjian_options_prefer(options, "頭"));
  FAILS(FANJIAN_DICTIONARY, "own:1", fanjian_options_dictionary(options, "own", "头发 頭髮", FANJIAN_NUL_TERMINATED));
  FAILS(FANJIAN_IO, "/no/such/file", fanjian_options_dictionary_file(options, "/no/such/file"));
  FAILS(FANJIAN_IO, "/no/such/file", fanjian_options_release_file(options, "/no/such/file"));
  FAILS(FANJIAN_DICTIONARY, "dictionaries", fanjian_options_release_file(options, DICTIONARY));
  FAILS(FANJIAN_DICTIONARY, "dictionaries", fanjian_options_release(options, "x", 1));
  FAILS(FANJIAN_ARGUMENT, "data is NULL", fanjian_options_release(options, NULL, 1));
  CHECK(fanjian_options_vocabulary(options, "local") == FANJIAN_OK);
  FAILS(FANJIAN_CONFIG, "target", fanjian_converter_with_options(options, &converter));
  fanjian_options_free(options);

  options = fanjian_options_new();
  CHECK(fanjian_options_release_file(options, RELEASE) == FANJIAN_OK);
  CHECK(fanjian_options_config(options, "t2s") == FANJIAN_OK);
  FAILS(FANJIAN_NOT_FOUND, "'mine' have no configuration t2s", fanjian_converter_with_options(options, &converter));
  CHECK(converter == NULL);
  fanjian_options_free(options);

  CHECK(fanjian_converter_new("s2t", &converter) == FANJIAN_OK);
  length = 5;
  FAILS(FANJIAN_INVALID_UTF8, "offset 3", fanjian_convert(converter, "头\xff", 4, &out, &length));
  CHECK(out == NULL && length == 0);
  FAILS(FANJIAN_ARGUMENT, "text is NULL", fanjian_convert(converter, NULL, 3, &out, &length));
  FAILS(FANJIAN_ARGUMENT, "text cannot be", fanjian_convert(converter, "a", (size_t)-2, &out, &length));
  FAILS(FANJIAN_ARGUMENT, "out is NULL", fanjian_convert(converter, "a", 1, NULL, &length));
  FAILS(FANJIAN_ARGUMENT, "converter is NULL", fanjian_convert(NULL, "a", 1, &out, &length));
  FAILS(FANJIAN_ARGUMENT, "converter is NULL", fanjian_stream_new(NULL, &stream));
  FAILS(FANJIAN_ARGUMENT, "stream is NULL", fanjian_stream_push(NULL, "a", 1, &shown, &length));
  length = 5;
  FAILS(FANJIAN_INVALID_UTF8, "offset", fanjian_segments(converter, "\xff", 1, &segments, &length));
  CHECK(segments == NULL && length == 0);
  length = 5;
  FAILS(FANJIAN_NOT_FOUND, "papyrus", fanjian_document_convert(converter, "papyrus", "a", 1, &out, &length));
  CHECK(out == NULL && length == 0);
  memset(&detection, 1, sizeof detection);
  FAILS(FANJIAN_INVALID_UTF8, "offset", fanjian_detect("\xff", 1, &detection));
  CHECK(detection.script == FANJIAN_SCRIPT_UNDECIDED && !detection.is_machine_converted);
  CHECK(detection.confidence == 0 && detection.japanese == 0);
  FAILS(FANJIAN_ARGUMENT, "out is NULL", fanjian_detect("a", 1, NULL));
  CHECK(fanjian_stream_new(converter, &stream) == FANJIAN_OK);
  /* A stream lives on its own. */
  fanjian_converter_free(converter);
  CHECK(fanjian_stream_push(stream, "头\xe5", 4, &shown, &length) == FANJIAN_OK);
  FAILS(FANJIAN_INVALID_UTF8, "offset 3", fanjian_stream_finish(stream, &shown, &length));
  CHECK(shown == NULL && length == 0);
  /* The error stays. */
  FAILS(FANJIAN_INVALID_UTF8, "offset 3", fanjian_stream_push(stream, "a", 1, &shown, NULL));
  FAILS(FANJIAN_INVALID_UTF8, "offset 3", fanjian_stream_finish(stream, &shown, NULL));
  fanjian_stream_free(stream);

  /* NULL is fine. */
  fanjian_stream_free(NULL);
  fanjian_converter_free(NULL);
  fanjian_options_free(NULL);
  fanjian_free(NULL);
  return 0;
}
