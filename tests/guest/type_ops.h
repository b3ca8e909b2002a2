/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_TYPE_OPS_H
#define _MSEAL_TEST_TYPE_OPS_H

#include <linux/mseal_dev.h>
#include <stdbool.h>
#include <stddef.h>

/* What an operation does to the sealed page, whatever call does it. */
enum effect {
	NOTHING		= 0,
	UNMAPS		= 1 << 0,
	REPLACES	= 1 << 1,	/* maps something else over it */
	RELOCATES	= 1 << 2,	/* moves, grows or duplicates it */
	RESIZES		= 1 << 3,	/* mremap() that keeps it or cuts it off */
	SETS_ACCESS	= 1 << 4,
	ADDS_ACCESS	= 1 << 5,
	DISCARDS	= 1 << 6,	/* its content, or the child's */
	ZEROES		= 1 << 7,	/* private anonymous memory that isn't writable */
	ADDS_PROTECT	= 1 << 8,	/* the seal */
};

/* One operation on a layout in which the capital is sealed. */
struct type_op {
	const char *name;
	const char *layout;
	/* 0 or -errno */
	long (*run)(char *at);
	unsigned int effect;
	const char *after;	/* what it leaves if it passes; NULL: the same */
};

#define NR_TYPE_OPS	35
extern const struct type_op type_ops[NR_TYPE_OPS];

/* The rules once more: do seals of these types refuse it? */
bool type_model_refuses(const struct type_op *op, __u64 types);

/* Maps the layout and seals its capitals. */
void types_given(char *at, const char *layout, __u64 types);

#endif /* _MSEAL_TEST_TYPE_OPS_H */
