/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_IOCTL_WORLD_H
#define _FUZZ_IOCTL_WORLD_H

#include <linux/mseal_dev.h>

/* What surrounds a call of the device, and what the call did to it. */

/* User memory: all of it readable and writable, nothing else is. */
#define USER_START	0x10000ul
#define USER_BYTES	(3 * PAGE_SIZE)
#define USER_END	(USER_START + USER_BYTES)

/* The caller's mappings: 16 pages, some of them missing, and two huge ones. */
#define SPACE_START	0x7f0000000000ul
#define SPACE_PAGES	16
#define HUGE_START	0x7f0040000000ul
#define HUGE_BYTES	0x200000ul
#define HUGE_END	(HUGE_START + 2 * HUGE_BYTES)

#define NR_RECORDS	40
#define MAX_RANGES	1234

struct world {
	unsigned char user[USER_BYTES];
	unsigned int mapped;	/* a bit for each page */
	bool new_seals, live, serves, dying, frozen, sealed;
	int prepare_err, add_err, query_err;

	/* Told by the call. */
	unsigned int added, given_back, refused, traced;
	unsigned long start, end;
	u64 types;
};

extern struct world world;

bool world_mapped(unsigned long addr);
long world_call(unsigned int cmd, unsigned long arg);
bool user_there(unsigned long addr, size_t len);
bool hook_missing(unsigned int nr);
struct mseal_count world_count(unsigned int op);

#endif /* _FUZZ_IOCTL_WORLD_H */
