/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_IOCTL_MODEL_H
#define _FUZZ_IOCTL_MODEL_H

#include "ioctl_world.h"

/*
 * What the ABI's specification says of a call: its answer, and for one that
 * succeeds the user memory that it leaves and what becomes sealed.
 */
struct outcome {
	long ret;
	unsigned char user[USER_BYTES];
	bool seals;
	unsigned long start, end;
	u64 types;
};

void model_call(struct outcome *outcome, unsigned int cmd, unsigned long arg);

#endif /* _FUZZ_IOCTL_MODEL_H */
