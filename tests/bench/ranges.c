// SPDX-License-Identifier: GPL-2.0
/* Memory to work on, and sealed ranges around it. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "bench.h"

/* Holes, so that nothing merges with what is mapped in between. */
#define APART	(16 * PAGE)

static char *below, *above;

void map(char *at, size_t len)
{
	if (mmap(at, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
		 MAP_FIXED_NOREPLACE, -1, 0) != at)
		give_up("mmap");
}

void unmap(char *at, size_t len)
{
	if (munmap(at, len))
		give_up("munmap");
}

/* Half of the ranges on each side, every other page one. */
static size_t side(unsigned int nr)
{
	return ((nr + 1) / 2 * 2 + 1) * PAGE;
}

void ranges_map(unsigned int nr)
{
	below = SCRATCH - APART - side(nr);
	above = SCRATCH + SCRATCH_SIZE + APART;
	map(below, side(nr));
	map(above, side(nr));
	if (mprotect(below, side(nr), PROT_READ) || mprotect(above, side(nr), PROT_READ))
		give_up("mprotect");
}

void ranges_seal(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		seal((i % 2 ? above : below) + (i / 2 * 2 + 1) * PAGE, PAGE);
}

char *ranges_page(void)
{
	return below + PAGE;
}
