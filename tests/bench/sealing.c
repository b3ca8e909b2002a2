// SPDX-License-Identifier: GPL-2.0
/* How it is sealed here, and what that costs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mseal_dev.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"
#include "clock.h"

#define NR_MSEAL	462

static int device = -1;

void sealing_find(void)
{
	device = open(MSEAL_DEVICE, O_RDWR | O_CLOEXEC);
	if (device < 0 && syscall(NR_MSEAL, 0, 0, 0))
		give_up("nothing seals here: " MSEAL_DEVICE ", system call");
}

int sealing_device(void)
{
	return device;
}

uint64_t seal_cost(char *at, size_t len)
{
	struct mseal_range range = {
		.size = sizeof(range),
		.addr = (uintptr_t)at,
		.len = len,
		.types = MSEAL_T_NATIVE,
	};

	if (device < 0)
		return clock_call(0, NR_MSEAL, at, len, 0L, 0L, 0L, 0L);
	return clock_call(0, SYS_ioctl, (long)device, MSEAL_IOC_SEAL, &range,
			  0L, 0L, 0L);
}

void seal(char *at, size_t len)
{
	seal_cost(at, len);
}

/* Each time another place: what is sealed can't be taken away again. */
static char *next_place(size_t room)
{
	static char *next = SCRATCH;

	next += room + 16 * PAGE;
	return next;
}

static uint64_t again(void)
{
	return seal_cost(ranges_page(), PAGE);
}

static uint64_t fresh_page(void)
{
	char *at = next_place(PAGE);

	map(at, PAGE);
	return seal_cost(at, PAGE);
}

static uint64_t middle_page(void)
{
	char *at = next_place(3 * PAGE);

	map(at, 3 * PAGE);
	return seal_cost(at + PAGE, PAGE);
}

/* Neighbours differ in their protection, or they would be one mapping. */
static uint64_t many_mappings(void)
{
	const unsigned int nr = 1000;
	char *at = next_place(nr * PAGE);
	unsigned int i;

	map(at, nr * PAGE);
	for (i = 0; i < nr; i += 2)
		if (mprotect(at + i * PAGE, PAGE, PROT_READ))
			give_up("mprotect");
	return seal_cost(at, nr * PAGE);
}

static uint64_t query(void)
{
	static struct mseal_record records[32];
	struct mseal_query query = {
		.size = sizeof(query),
		.pidfd = MSEAL_QUERY_SELF,
		.records = (uintptr_t)records,
		.nr = 32,
	};

	/* Native mseal can't be asked. */
	if (device < 0)
		return NOT_HERE;
	return clock_call(0, SYS_ioctl, (long)device, MSEAL_IOC_QUERY, &query,
			  0L, 0L, 0L);
}

const struct op sealing_ops[] = {
	{ "query", query, CALLS, SEALED },
	{ "seal again", again, CALLS, SEALED },
	{ "seal a fresh page", fresh_page, CALLS, SEALED },
	{ "seal a middle page", middle_page, CALLS, SEALED },
	{ "seal 1000 mappings", many_mappings, 20, SEALED },
	{ 0 }
};
