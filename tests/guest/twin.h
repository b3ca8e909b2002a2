/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_TWIN_H
#define _MSEAL_TEST_TWIN_H

#include <stddef.h>

/*
 * One operation on one layout, first without the seal, where it must do its
 * work, then with the seal.  A refusal must leave every page as it was.
 */
struct twin {
	const char *name;
	const char *layout;
	/* 0 or -errno */
	long (*op)(const struct twin *twin, char *addr, size_t len);
	size_t from, pages;	/* the operation's range in the layout */
	long skew, extra;	/* bytes added to its address and length */
	long arg;
	int want;		/* errno with the seal */
	int twin;		/* errno without */
	/* Layout that the operation leaves without the seal; NULL: as it was. */
	const char *after;
	/* The same with the seal, for what is to pass there too. */
	const char *sealed_after;
};

void twin_run(const struct twin *twin);

#endif /* _MSEAL_TEST_TWIN_H */
