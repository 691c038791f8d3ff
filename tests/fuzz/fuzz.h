#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a file, for readers that take a path; one file a process, in memory. NULL where there
 * is no room for one. */
const char *fuzz_file(const uint8_t *data, size_t size);

#endif
