// SPDX-License-Identifier: GPL-2.0
/*
 * The lines of kernels that the module knows.  tests/kernels/check compares the
 * rows marked BOOTED with those that tests/vm/kernels.list boots.
 *
 * TABLE rows are other distributions' long-term kernels.  Which functions are
 * hooked there, and where their arguments are, follows from probes of the
 * headers (probe.mk, targets.h):
 *
 *   5.11 - 5.17   as 5.10, with struct ftrace_regs
 *   5.18 - 6.0    __do_munmap; mprotect_fixup gets an mmu_gather in 5.19
 *   6.2           as 6.1
 *   6.3 - 6.9     do_vmi_align_munmap; mprotect_fixup gets a vma_iterator
 *
 * Kernels before 5.10 lack static calls and the mmap_lock functions; 6.10 has
 * mseal(2).  On arm64 those before 6.1 were never seen to load: see docs/kernels.md.
 */
#include <linux/kernel.h>
#include <linux/version.h>

#include "kernels.h"

enum state { BOOTED, TABLE };

#ifdef CONFIG_X86_64
#define BOOTED_ON_AMD64	BOOTED
#else
#define BOOTED_ON_AMD64	TABLE
#endif

static const struct row {
	unsigned int first;
	unsigned int last;	/* patch levels left out */
	enum state state;
} rows[] = {
	{ KERNEL_VERSION(5, 10, 0), KERNEL_VERSION(5, 10, 0), BOOTED_ON_AMD64 },
	{ KERNEL_VERSION(5, 11, 0), KERNEL_VERSION(6, 0, 0), TABLE },
	{ KERNEL_VERSION(6, 1, 0), KERNEL_VERSION(6, 1, 0), BOOTED },
	{ KERNEL_VERSION(6, 2, 0), KERNEL_VERSION(6, 9, 0), TABLE },
};

/* A test of the refusal to load has the module built for another line. */
#ifndef MSEAL_KERNEL_LINE
#define MSEAL_KERNEL_LINE	(LINUX_VERSION_CODE & ~0xff)
#endif

bool mseal_kernel_tested(void)
{
	unsigned int line = MSEAL_KERNEL_LINE, i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (line >= rows[i].first && line <= rows[i].last)
			return rows[i].state == BOOTED;
	return false;
}
