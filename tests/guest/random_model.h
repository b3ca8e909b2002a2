/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_RANDOM_MODEL_H
#define _MSEAL_TEST_RANDOM_MODEL_H

#include <linux/mseal_dev.h>
#include <stdbool.h>

/* What an address space is, page by page, and what each call does to it. */
#define MODEL_PAGES	256

struct model {
	struct {
		bool mapped;
		int prot;
		__u64 types;
	} pages[MODEL_PAGES];
};

enum step_call {
	STEP_SEAL,
	STEP_UNMAP,
	STEP_MAP,	/* private anonymous, MAP_FIXED */
	STEP_PROTECT,
	STEP_MOVE,	/* one page to a fixed address */
	STEP_SHRINK,	/* two pages to one */
	STEP_DISCARD,	/* MADV_DONTNEED */
	NR_STEPS
};

struct step {
	enum step_call call;
	unsigned int from, pages, to;
	int prot;
	__u64 types;
};

/* Does it; returns 0, or -errno with nothing done but what the call leaves half done. */
long model_step(struct model *model, const struct step *step);

#endif /* _MSEAL_TEST_RANDOM_MODEL_H */
