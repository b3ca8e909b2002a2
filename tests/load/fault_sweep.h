/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_FAULT_SWEEP_H
#define _MSEAL_LOAD_FAULT_SWEEP_H

#include <linux/mseal_dev.h>
#include <stdbool.h>

/* Capitals are sealed with the types; in @after a letter or '.' for a hole. */
struct fault_row {
	const char *name;
	const char *layout;
	__u64 types;
	/* What may fail.  0 or -errno; it finds out by itself where the call says less. */
	long (*op)(char *at);
	unsigned int sites;	/* allocations of the module that may fail */
	const char *after;
	/* What the kernel may leave if it fails half-way; NULL: what was. */
	const char *torn;
	/* And if it says nothing of something that it couldn't do; NULL: @after. */
	const char *spared;
	bool inherited;		/* tried by a child that shares the set */
	bool copes;		/* does its work without what the module couldn't get */
	/* Maps the layout where the call wants it; NULL: in the arena. */
	char *(*place)(const char *layout);
	void (*prepare)(char *at);
};

/*
 * Has every allocation of the call fail once, those of the module's caches, then
 * anybody's.  The last of each row's attempts is the one in which none fails.
 */
void fault_sweep(const struct fault_row *row);

long fault_seal_page(char *at, size_t nr, __u64 types);
/* Are the pages mapped and sealed as this says? */
bool fault_looks(char *at, const char *layout);

#endif /* _MSEAL_LOAD_FAULT_SWEEP_H */
