/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_RANDOM_U64_H
#define _MSEAL_TEST_RANDOM_U64_H

#include <stdint.h>

/* SplitMix64: small, and the same everywhere. */
static inline uint64_t random_u64(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

#endif /* _MSEAL_TEST_RANDOM_U64_H */
