/* SPDX-License-Identifier: GPL-2.0 */
/* Functions of every kind of type, each named "f", and how they are spelled. */
#ifndef TESTS_BTF_SAMPLES_H
#define TESTS_BTF_SAMPLES_H

#include "blob.h"

struct sample {
	const char *prototype;
	/* Adds what the function's type needs, and returns that type. */
	uint32_t (*proto)(struct blob *blob);
};

extern const struct sample samples[];
extern const size_t nr_samples;

/* Samples as BTF, side by side if there are several. */
uint8_t *sample_btf(const struct sample *sample, size_t nr, size_t *size);

#endif /* TESTS_BTF_SAMPLES_H */
