/* Converters, options, lengths, NUL bytes, streams, segments, detection, documents. */
#include <fanjian.h>
#include <string.h>

#include "check.h"

/* Converts a text, and compares. */
static void converts(const fanjian_converter *converter, const char *text, const char *expected) {
  char *out;
  size_t length;
  CHECK(fanjian_convert(converter, text, strlen(text), &out, &length) == FANJIAN_OK);
  if (strcmp(out, expected) != 0) {
    fprintf(stderr, "%s became %s, not %s\n", text, out, expected);
    exit(1);
  }
  CHECK(length == strlen(expected));
  fanjian_free(out);
}

static fanjian_converter *converter_of(fanjian_options *options) {
  fanjian_converter *converter;
  CHECK(fanjian_converter_with_options(options, &converter) == FANJIAN_OK);
  fanjian_options_free(options);
  return converter;
}

static void names(void) {
  static const char *const expected[][3] = {
      {"s2twp", "鼠标里的头发", "滑鼠裡的頭髮"},
      {"s2t.json", "头发", "頭髮"},
      {"zh-TW", "他不是只有一只猫", "他不是只有一隻貓"},
      {"zh-Hans", "頭髮", "头发"},
  };
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    fanjian_converter *converter;
    CHECK(fanjian_converter_new(expected[i][0], &converter) == FANJIAN_OK);
    CHECK(fanjian_converter_prepare(converter) == FANJIAN_OK);
    converts(converter, expected[i][1], expected[i][2]);
    fanjian_converter_free(converter);
  }
}

static void options(void) {
  static const char json[] = "{\"conversion_chain\": [{\"dict\": {\"type\": \"text\", \"file\": \"STCharacters.txt\"}}]}";
  static const char words[] = "云原生\t雲端原生\n";
  fanjian_options *options = fanjian_options_new();
  fanjian_converter *converter = converter_of(options);
  converts(converter, "头发", "頭髮");
  fanjian_converter_free(converter);

  options = fanjian_options_new();
  CHECK(fanjian_options_config(options, "s2twp") == FANJIAN_OK);
  CHECK(fanjian_options_dictionary(options, "own words", words, sizeof words - 1) == FANJIAN_OK);
  CHECK(fanjian_options_protect(options, "钉钉") == FANJIAN_OK);
  CHECK(fanjian_options_tofu_risk(options, 1) == FANJIAN_OK);
  CHECK(fanjian_options_punctuation(options, "local") == FANJIAN_OK);
  CHECK(fanjian_options_search_folder(options, ".") == FANJIAN_OK);
  converter = converter_of(options);
  converts(converter, "钉钉的“云原生”软件", "钉钉的「雲端原生」軟體");
  fanjian_converter_free(converter);

  options = fanjian_options_new();
  CHECK(fanjian_options_target(options, "zh-TW") == FANJIAN_OK);
  CHECK(fanjian_options_from(options, "zh-Hans") == FANJIAN_OK);
  CHECK(fanjian_options_vocabulary(options, "local") == FANJIAN_OK);
  CHECK(fanjian_options_keep_words(options, "persons") == FANJIAN_OK);
  CHECK(fanjian_options_prefer(options, "臺裏") == FANJIAN_OK);
  CHECK(fanjian_options_both_scripts(options, 1) == FANJIAN_OK);
  CHECK(fanjian_options_dictionary(options, "own words", "内存\t記憶體\n", FANJIAN_NUL_TERMINATED) == FANJIAN_OK);
  converter = converter_of(options);
  converts(converter, "特朗普在台湾的视频里，內存", "特朗普在臺灣的影片裏，記憶體");
  fanjian_converter_free(converter);

  options = fanjian_options_new();
  CHECK(fanjian_options_config_json(options, json, sizeof json - 1) == FANJIAN_OK);
  CHECK(fanjian_options_dictionary_file(options, DICTIONARY) == FANJIAN_OK);
  converter = converter_of(options);
  converts(converter, "云原生的头发", "雲端原生的頭發");
  fanjian_converter_free(converter);
}

/* The dictionaries of a release, from a file and from its contents. */
static void releases(void) {
  static char contents[10000];
  fanjian_options *options = fanjian_options_new();
  fanjian_converter *converter;
  size_t length;
  FILE *file;
  CHECK(fanjian_options_release_file(options, RELEASE) == FANJIAN_OK);
  CHECK(fanjian_options_dictionary(options, "own words", "云\t雲\n", FANJIAN_NUL_TERMINATED) == FANJIAN_OK);
  converter = converter_of(options);
  converts(converter, "云头发", "雲首髮");
  fanjian_converter_free(converter);

  file = fopen(RELEASE, "rb");
  CHECK(file != NULL);
  length = fread(contents, 1, sizeof contents, file);
  CHECK(length > 0 && length < sizeof contents);
  fclose(file);
  options = fanjian_options_new();
  CHECK(fanjian_options_config(options, "s2t") == FANJIAN_OK);
  CHECK(fanjian_options_release(options, contents, length) == FANJIAN_OK);
  converter = converter_of(options);
  converts(converter, "头发", "首髮");
  fanjian_converter_free(converter);
}

static void lengths(const fanjian_converter *converter) {
  char *out;
  size_t length;
  /* A part of a string, and one with NUL bytes. */
  CHECK(fanjian_convert(converter, "头发头发", 6, &out, &length) == FANJIAN_OK);
  CHECK(length == 6 && strcmp(out, "頭髮") == 0);
  fanjian_free(out);
  CHECK(fanjian_convert(converter, "头\0发\0", 8, &out, &length) == FANJIAN_OK);
  CHECK(length == 8 && memcmp(out, "頭\0發\0", 9) == 0);
  fanjian_free(out);
  /* Up to a NUL, without a place for the length. */
  CHECK(fanjian_convert(converter, "头发", FANJIAN_NUL_TERMINATED, &out, NULL) == FANJIAN_OK);
  CHECK(strcmp(out, "頭髮") == 0);
  fanjian_free(out);
  /* Nothing. */
  CHECK(fanjian_convert(converter, NULL, 0, &out, &length) == FANJIAN_OK);
  CHECK(length == 0 && out[0] == '\0');
  fanjian_free(out);
}

/* A text of megabytes, which is converted in pieces: characters and words are over their edges, and bytes that are not UTF-8. */
static void long_texts(const fanjian_converter *converter) {
  static const char from[] = "x头发，后", to[] = "x頭髮，後";
  const size_t unit = sizeof from - 1, times = 300000;
  char *text = malloc(unit * times + 1), *out;
  size_t length;
  CHECK(text != NULL && sizeof to == sizeof from);
  for (size_t i = 0; i < times; i++) memcpy(text + i * unit, from, unit);
  CHECK(fanjian_convert(converter, text, unit * times, &out, &length) == FANJIAN_OK);
  CHECK(length == unit * times && out[length] == '\0');
  for (size_t i = 0; i < times; i++) CHECK(memcmp(out + i * unit, to, unit) == 0);
  fanjian_free(out);
  text[unit * (times - 1)] = '\xff';
  CHECK(fanjian_convert(converter, text, unit * times, &out, &length) == FANJIAN_INVALID_UTF8);
  CHECK(out == NULL && length == 0 && strstr(fanjian_error_message(), "offset 3899987") != NULL);
  free(text);
}

static void policies(void) {
  fanjian_options *options = fanjian_options_new();
  fanjian_converter *converter;
  CHECK(fanjian_options_invalid_utf8(options, "replace") == FANJIAN_OK);
  converter = converter_of(options);
  converts(converter, "\xff头发", "\xef\xbf\xbd頭髮");
  fanjian_converter_free(converter);
  options = fanjian_options_new();
  CHECK(fanjian_options_invalid_utf8(options, "pass") == FANJIAN_OK);
  converter = converter_of(options);
  converts(converter, "\xff头发", "\xff頭髮");
  fanjian_converter_free(converter);
}

static void streams(const fanjian_converter *converter) {
  static const char text[] = "我的头发\0，皇后的头发";
  char *whole, joined[100];
  size_t length, whole_length, joined_length = 0;
  const char *out;
  fanjian_stream *stream;
  CHECK(fanjian_convert(converter, text, sizeof text - 1, &whole, &whole_length) == FANJIAN_OK);
  CHECK(fanjian_stream_new(converter, &stream) == FANJIAN_OK);
  /* One byte at a time, twice: a text may follow another one. */
  for (int turn = 0; turn < 2; turn++) {
    joined_length = 0;
    for (size_t i = 0; i < sizeof text - 1; i++) {
      CHECK(fanjian_stream_push(stream, text + i, 1, &out, &length) == FANJIAN_OK);
      CHECK(out[length] == '\0');
      memcpy(joined + joined_length, out, length);
      joined_length += length;
    }
    CHECK(fanjian_stream_finish(stream, &out, &length) == FANJIAN_OK);
    memcpy(joined + joined_length, out, length);
    joined_length += length;
    CHECK(joined_length == whole_length && memcmp(joined, whole, whole_length) == 0);
  }
  /* An error stays. */
  CHECK(fanjian_stream_push(stream, "\xff", 1, &out, &length) == FANJIAN_INVALID_UTF8);
  CHECK(out == NULL && length == 0);
  CHECK(fanjian_stream_push(stream, "a", 1, &out, &length) == FANJIAN_INVALID_UTF8);
  fanjian_stream_free(stream);
  fanjian_free(whole);
}

static void segments(const fanjian_converter *converter) {
  fanjian_segment *segments;
  size_t count;
  CHECK(fanjian_segments(converter, "头发和干", FANJIAN_NUL_TERMINATED, &segments, &count) == FANJIAN_OK);
  CHECK(count == 3);
  CHECK(segments[0].source_start == 0 && segments[0].source_end == 6 && segments[0].is_converted);
  CHECK(strcmp(segments[0].output, "頭髮") == 0 && segments[0].output_length == 6);
  CHECK(segments[1].source_start == 6 && segments[1].source_end == 9);
  CHECK(strcmp(segments[1].output, "和") == 0 && !segments[1].is_converted);
  CHECK(strcmp(segments[2].output, "幹") == 0);
  fanjian_free(segments);
  CHECK(fanjian_segments(converter, "", 0, &segments, &count) == FANJIAN_OK);
  CHECK(count == 0);
  fanjian_free(segments);
}

static void detection(void) {
  fanjian_detection found;
  CHECK(fanjian_detect("皇后的头发", FANJIAN_NUL_TERMINATED, &found) == FANJIAN_OK);
  CHECK(found.script == FANJIAN_SCRIPT_SIMPLIFIED && found.confidence > 0.9 && found.simplified > 0.9);
  CHECK(fanjian_detect("頭髮裡", FANJIAN_NUL_TERMINATED, &found) == FANJIAN_OK);
  CHECK(found.script == FANJIAN_SCRIPT_TAIWAN && found.taiwan > found.hong_kong);
  CHECK(fanjian_detect("黨員干部的腳步聲", FANJIAN_NUL_TERMINATED, &found) == FANJIAN_OK);
  CHECK(found.is_machine_converted);
  CHECK(fanjian_detect("発想の転換", FANJIAN_NUL_TERMINATED, &found) == FANJIAN_OK);
  CHECK(found.script == FANJIAN_SCRIPT_JAPANESE && !found.is_machine_converted);
  CHECK(fanjian_detect("hello", 5, &found) == FANJIAN_OK);
  CHECK(found.script == FANJIAN_SCRIPT_NOT_CHINESE);
}

static void documents(void) {
  static const char page[] = "<html lang=\"zh-CN\"><p><b>头</b>发</p></html>";
  char *out;
  size_t length;
  fanjian_converter *converter;
  CHECK(fanjian_converter_new("zh-TW", &converter) == FANJIAN_OK);
  CHECK(fanjian_document_convert(converter, "html", page, sizeof page - 1, &out, &length) == FANJIAN_OK);
  CHECK(strcmp(out, "<html lang=\"zh-TW\"><p><b>頭</b>髮</p></html>") == 0 && length == strlen(out));
  fanjian_free(out);
  CHECK(fanjian_document_convert(converter, "docx", page, sizeof page - 1, &out, &length) == FANJIAN_DOCUMENT);
  CHECK(out == NULL);
  CHECK(fanjian_document_convert(converter, "papyrus", page, sizeof page - 1, &out, &length) == FANJIAN_NOT_FOUND);
  fanjian_converter_free(converter);
  /* With ".json", as OpenCC names its configurations, the languages were not known. */
  CHECK(fanjian_converter_new("s2tw.json", &converter) == FANJIAN_OK);
  CHECK(fanjian_document_convert(converter, "html", page, sizeof page - 1, &out, &length) == FANJIAN_OK);
  CHECK(strcmp(out, "<html lang=\"zh-TW\"><p><b>頭</b>髮</p></html>") == 0);
  fanjian_free(out);
  fanjian_converter_free(converter);
}

int main(void) {
  fanjian_converter *converter;
  CHECK(fanjian_converter_new("s2t", &converter) == FANJIAN_OK);
  names();
  options();
  releases();
  lengths(converter);
  long_texts(converter);
  policies();
  streams(converter);
  segments(converter);
  detection();
  documents();
  fanjian_converter_free(converter);
  return 0;
}
