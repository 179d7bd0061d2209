/*
 * The interface of libopencc for C, as fanjian has it. https://github.com/BYVoid/OpenCC documents the original.
 *
 * A converter may be used by several threads at once. opencc_error() alone is of the whole process.
 */
#ifndef FANJIAN_OPENCC_H
#define FANJIAN_OPENCC_H

#include <stddef.h>

#ifdef __cplusplus
#include "SimpleConverter.hpp"
extern "C" {
#endif

#define OPENCC_DEFAULT_CONFIG_SIMP_TO_TRAD "s2t.json"
#define OPENCC_DEFAULT_CONFIG_TRAD_TO_SIMP "t2s.json"

/* A converter. */
typedef void *opencc_t;

/*
 * Makes a converter. `config` is a file of a configuration, or its name, with or without ".json": looked for in the working
 * folder, in the folder that the environment variable OPENCC_DATA_DIR names, in the installed data folder, and among those
 * that are built in. NULL is OPENCC_DEFAULT_CONFIG_SIMP_TO_TRAD. The name is UTF-8.
 *
 * Returns (opencc_t)-1 for an error: not NULL.
 */
opencc_t opencc_open(const char *config);

/* Frees a converter. Returns 0. */
int opencc_close(opencc_t converter);

/*
 * Converts `length` bytes of UTF-8, NUL bytes included; up to the first NUL if it is (size_t)-1.
 *
 * Returns a new string, which ends with a NUL and is the caller's: opencc_convert_utf8_free() frees it. Returns NULL for an
 * error, such as bytes that are not UTF-8.
 */
char *opencc_convert_utf8(opencc_t converter, const char *input, size_t length);

/*
 * Converts UTF-8 up to the first NUL, at most `length` bytes, into `output`, and writes a NUL behind it. How much room there
 * is cannot be said: prefer opencc_convert_utf8().
 *
 * Returns the number of bytes before the NUL, or (size_t)-1 for an error.
 */
size_t opencc_convert_utf8_to_buffer(opencc_t converter, const char *input, size_t length, char *output);

/* Frees what opencc_convert_utf8() returned. NULL is fine. */
void opencc_convert_utf8_free(char *text);

/* The message of the last error in the process. It is valid until the thread calls this function again. */
const char *opencc_error(void);

#ifdef __cplusplus
}
#endif

#endif
