/*
 * fanjian: conversion between Traditional and Simplified Chinese.
 *
 * Texts are UTF-8, with a length in bytes. NUL bytes are text as any other; a length of FANJIAN_NUL_TERMINATED means "up to
 * the first NUL". Names, tags, terms and paths are strings that end with a NUL: UTF-8, but for paths, which on Unix are the
 * bytes that the system has.
 *
 * Functions that can fail return a fanjian_status. Their results are behind the pointers named `out`, which are NULL after an
 * error; lengths and counts are 0 then. fanjian_error_message() says what was wrong, and where.
 *
 * No call prints, and none ends the process, but for a lack of memory. fanjian_convert() and streams convert what is longer than
 * a megabyte in pieces, and return FANJIAN_NO_MEMORY where there is none for the result. Where there is none for less than
 * that, or in any other function, the process is ended, with a message. fanjian_segments() needs hundreds of times the memory
 * of its text, fanjian_document_convert() several times that of its document, unpacked.
 *
 * What is returned belongs to the caller, and has a function that frees it: fanjian_free() for texts and segments,
 * fanjian_converter_free() and so on for objects. All of these take NULL.
 *
 * A converter may be used by any number of threads at once; nothing changes it. Options and streams are for one thread at a
 * time. A converter may be freed while streams that it made are in use.
 */
#ifndef FANJIAN_H
#define FANJIAN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The length of a text that ends with a NUL. */
#define FANJIAN_NUL_TERMINATED ((size_t)-1)

/* How a call ended. Further values may be added. */
typedef enum fanjian_status {
  FANJIAN_OK = 0,
  /* An argument is NULL that must not be, or a length is more than an object can have. */
  FANJIAN_ARGUMENT = 1,
  /* A file cannot be read. */
  FANJIAN_IO = 2,
  /* There is no configuration, target, dictionary, format or value of this name. */
  FANJIAN_NOT_FOUND = 3,
  /* A configuration is invalid, or options exclude each other. */
  FANJIAN_CONFIG = 4,
  /* A dictionary or a protected term is invalid. */
  FANJIAN_DICTIONARY = 5,
  /* A text or a name is not UTF-8. */
  FANJIAN_INVALID_UTF8 = 6,
  /* A document is not in its format, is damaged, or is too large. */
  FANJIAN_DOCUMENT = 7,
  /* A document is encrypted or signed; or the library was built without documents. */
  FANJIAN_UNSUPPORTED = 8,
  /* There is no memory for a result: see above. */
  FANJIAN_NO_MEMORY = 9,
  /* An error of the library itself: please report it. */
  FANJIAN_INTERNAL = 10
} fanjian_status;

/* A script, and a region if the text shows one. Further values may be added. */
typedef enum fanjian_script {
  /* Chinese characters, all of which both scripts use. */
  FANJIAN_SCRIPT_UNDECIDED = 0,
  FANJIAN_SCRIPT_SIMPLIFIED = 1,
  /* Traditional Chinese, of no region in particular. */
  FANJIAN_SCRIPT_TRADITIONAL = 2,
  FANJIAN_SCRIPT_TAIWAN = 3,
  FANJIAN_SCRIPT_HONG_KONG = 4,
  /* Traditional Chinese in the forms of OpenCC's standard, which neither region prefers. */
  FANJIAN_SCRIPT_STANDARD = 5,
  /* Simplified and Traditional characters. */
  FANJIAN_SCRIPT_MIXED = 6,
  FANJIAN_SCRIPT_JAPANESE = 7,
  FANJIAN_SCRIPT_NOT_CHINESE = 8
} fanjian_script;

/* The choices for a converter. */
typedef struct fanjian_options fanjian_options;
/* A converter by a configuration, or to a target. */
typedef struct fanjian_converter fanjian_converter;
/* The conversion of a text that comes in pieces. */
typedef struct fanjian_stream fanjian_stream;

/* A part of a text, and what became of it. */
typedef struct fanjian_segment {
  /* The place of the part in the source, in bytes: from `source_start` up to, but without, `source_end`. */
  size_t source_start;
  size_t source_end;
  /* What it became: this many bytes of UTF-8, and a NUL behind them. */
  const char *output;
  size_t output_length;
  /* 1 if an entry of a dictionary or a decision made the output; 0 if the part was copied. */
  int is_converted;
} fanjian_segment;

/* The script of a text. Probabilities are from 0 to 1. */
typedef struct fanjian_detection {
  fanjian_script script;
  /* 1 if Traditional text has words that only a conversion by characters leaves, such as 干部 for 幹部; else 0. */
  int is_machine_converted;
  /* The probability of `script`. */
  double confidence;
  /* Those of each script and region: all are 0 for a text without evidence. */
  double simplified;
  double traditional;
  double taiwan;
  double hong_kong;
  double standard;
  double japanese;
} fanjian_detection;

/* The version of this library, such as "0.1.0". */
const char *fanjian_version(void);

/* The release of OpenCC that configurations and dictionaries come from, such as "1.4.2". */
const char *fanjian_opencc_version(void);

/*
 * The message of the last error of this thread: what was wrong, where, and what can be done about it. Empty if there was none.
 * It is valid until the thread's next error.
 */
const char *fanjian_error_message(void);

/* Frees a text or an array of segments that this library returned. */
void fanjian_free(void *memory);

/* --- Converters ---------------------------------------------------------------------------------------------------------- */

/*
 * Makes a converter. `name` is the tag of a target: "zh-TW", "zh-HK", "zh-Hant" or "zh-Hans"; or a configuration: one of
 * OpenCC's names, such as "s2twp", or the path of a JSON file.
 *
 * Errors: FANJIAN_NOT_FOUND if there is neither, with the names that there are in the message, and the nearest; FANJIAN_CONFIG,
 * FANJIAN_DICTIONARY and FANJIAN_IO for a file that is invalid or cannot be read.
 */
fanjian_status fanjian_converter_new(const char *name, fanjian_converter **out);

/* Makes a converter with choices. The options stay the caller's, and may be used again. Errors: as above. */
fanjian_status fanjian_converter_with_options(const fanjian_options *options, fanjian_converter **out);

/* Frees a converter. */
void fanjian_converter_free(fanjian_converter *converter);

/*
 * Makes the converter's first conversion as fast as any later one. Costs some milliseconds. A process that forks while other
 * threads convert should prepare its converters before.
 */
fanjian_status fanjian_converter_prepare(const fanjian_converter *converter);

/*
 * Converts a text of `length` bytes. The result is in `*out`, and its length in bytes in `*out_length`, which may be NULL. A NUL
 * stands behind it. The caller frees it with fanjian_free().
 *
 * Errors: FANJIAN_INVALID_UTF8, with the offset in the message, unless fanjian_options_invalid_utf8() chose another policy;
 * FANJIAN_NO_MEMORY.
 */
fanjian_status fanjian_convert(const fanjian_converter *converter, const char *text, size_t length, char **out,
                               size_t *out_length);

/* --- Options ------------------------------------------------------------------------------------------------------------- */

/* New options: without a configuration and a target, the configuration is "s2t". */
fanjian_options *fanjian_options_new(void);

/* Frees options. */
void fanjian_options_free(fanjian_options *options);

/* Converts by a configuration: a built-in name, a name in a search folder, or the path of a JSON file. */
fanjian_status fanjian_options_config(fanjian_options *options, const char *name);

/* Converts by the text of a configuration, JSON of `length` bytes in OpenCC's form. */
fanjian_status fanjian_options_config_json(fanjian_options *options, const char *json, size_t length);

/* Converts to a target, such as "zh-TW", instead of a configuration. */
fanjian_status fanjian_options_target(fanjian_options *options, const char *tag);

/* With a target: the script that all text is assumed to be in, by the tag of a target, instead of detecting it by line. */
fanjian_status fanjian_options_from(fanjian_options *options, const char *tag);

/* With a target: "keep" leaves words as they are, which is the default; "local" replaces them by the region's own. */
fanjian_status fanjian_options_vocabulary(fanjian_options *options, const char *vocabulary);

/* With the vocabulary "local": a layer of words that stay: "persons", "places", "works" or "food". Adds to others. */
fanjian_status fanjian_options_keep_words(fanjian_options *options, const char *layer);

/* "keep" leaves quotation marks as they are, which is the default; "local" writes them as the region does. */
fanjian_status fanjian_options_punctuation(fanjian_options *options, const char *punctuation);

/* Characters that are preferred to others of the same meaning, such as "臺裏". Adds to others. */
fanjian_status fanjian_options_prefer(fanjian_options *options, const char *characters);

/*
 * An own dictionary from a file: OpenCC's text format, a key, a tab and values with spaces between them on each line; or one
 * that was compiled by `fanjian dict compile`. Those added first are searched first, and all of them before the built-in ones.
 */
fanjian_status fanjian_options_dictionary_file(fanjian_options *options, const char *path);

/* The same from a text of `length` bytes in OpenCC's format. `name` is what errors call it. */
fanjian_status fanjian_options_dictionary(fanjian_options *options, const char *name, const char *text, size_t length);

/* Whether words of own dictionaries match in both scripts: 内存 then matches 內存, too. Not by default. */
fanjian_status fanjian_options_both_scripts(fanjian_options *options, int both);

/* A term that is not converted. Adds to others. */
fanjian_status fanjian_options_protect(fanjian_options *options, const char *term);

/*
 * With a configuration: the dictionaries and configurations of a release of OpenCC, in place of the built-in ones, so that
 * results stay the same whatever the version of this library is. The file is one that `fanjian dict import` made; all of it is
 * checked, which takes about a tenth of a second. Converters that are made with the same options share what was read.
 *
 * Errors: FANJIAN_IO, and FANJIAN_DICTIONARY for another file or a damaged one. fanjian_converter_with_options() returns
 * FANJIAN_NOT_FOUND if the release lacks the configuration, and FANJIAN_CONFIG if there is a target.
 */
fanjian_status fanjian_options_release_file(fanjian_options *options, const char *path);

/* The same from the contents of such a file, `length` bytes, of which a copy is made. */
fanjian_status fanjian_options_release(fanjian_options *options, const char *data, size_t length);

/* With a configuration: whether dictionaries take part whose output many fonts lack. Not by default. */
fanjian_status fanjian_options_tofu_risk(fanjian_options *options, int included);

/* With a configuration: a further folder that is searched for it and for its dictionaries. */
fanjian_status fanjian_options_search_folder(fanjian_options *options, const char *path);

/*
 * What fanjian_convert() and streams do with bytes that are not UTF-8: "strict", the default, is an error; "replace" puts U+FFFD
 * in their place; "pass" leaves them as they are.
 */
fanjian_status fanjian_options_invalid_utf8(fanjian_options *options, const char *policy);

/* --- Streams ------------------------------------------------------------------------------------------------------------- */

/* Begins the conversion of a text that comes in pieces. */
fanjian_status fanjian_stream_new(const fanjian_converter *converter, fanjian_stream **out);

/*
 * Takes another piece of the text, cut anywhere: within a word, or within a character. `*out` is what can be decided already,
 * and may be empty; it is the stream's, valid until its next call. A NUL stands behind it, and `out_length` may be NULL. All that
 * comes out, taken together, is what fanjian_convert() makes of the whole text.
 *
 * Errors: FANJIAN_INVALID_UTF8, FANJIAN_NO_MEMORY; after these, each call of the stream returns the same until it is freed.
 */
fanjian_status fanjian_stream_push(fanjian_stream *stream, const char *piece, size_t length, const char **out,
                                   size_t *out_length);

/*
 * Ends the text, and returns the rest of it as fanjian_stream_push() does. Another text may follow.
 *
 * Errors: as above, FANJIAN_INVALID_UTF8 also if the text ends within a character. No other text may follow an error.
 */
fanjian_status fanjian_stream_finish(fanjian_stream *stream, const char **out, size_t *out_length);

/* Frees a stream. */
void fanjian_stream_free(fanjian_stream *stream);

/* --- Segments, detection, documents -------------------------------------------------------------------------------------- */

/*
 * Converts a text, and returns which part of it became what, in order, without gaps: `*count` segments from `*out` on. Their
 * outputs are in the same memory, which the caller frees by one fanjian_free(*out). Many times slower than fanjian_convert().
 *
 * Errors: FANJIAN_INVALID_UTF8, whatever the policy.
 */
fanjian_status fanjian_segments(const fanjian_converter *converter, const char *text, size_t length,
                                fanjian_segment **out, size_t *count);

/*
 * Detects the script of a text. `*out` is a variable of the caller's; after an error, it is FANJIAN_SCRIPT_UNDECIDED, and all its
 * numbers are 0. Errors: FANJIAN_INVALID_UTF8.
 */
fanjian_status fanjian_detect(const char *text, size_t length, fanjian_detection *out);

/*
 * Converts a document of `length` bytes. `format` is its format: "html", "epub", "docx", "markdown", "srt" and others, see
 * docs/documents.md. Its text and the names of its languages change; every other byte is preserved. The result is as that of
 * fanjian_convert().
 *
 * Errors: FANJIAN_NOT_FOUND for an unknown format, FANJIAN_DOCUMENT, FANJIAN_INVALID_UTF8, FANJIAN_UNSUPPORTED.
 */
fanjian_status fanjian_document_convert(const fanjian_converter *converter, const char *format, const char *document,
                                        size_t length, char **out, size_t *out_length);

#ifdef __cplusplus
}
#endif

#endif
