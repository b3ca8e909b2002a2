/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_FUZZER_H
#define _FUZZ_FUZZER_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls: once at the start, then for each input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* _FUZZ_FUZZER_H */
