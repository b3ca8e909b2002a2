// SPDX-License-Identifier: GPL-2.0
/* Proof at load that a seal holds, on the functions that really unmap and map. */
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mseal_dev.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "guards.h"
#include "mm.h"
#include "seal.h"
#include "wrappers.h"

static unsigned long map(unsigned long addr, unsigned long flags)
{
	return vm_mmap(NULL, addr, PAGE_SIZE, PROT_READ,
		       MAP_PRIVATE | MAP_ANONYMOUS | flags, 0);
}

/* What the kernel answers to attempts on a sealed page. */
struct attempts {
	long over;
	long unmap;
	unsigned long drops;	/* refused */
};

static unsigned long refused_drops(void)
{
	return atomic_long_read(&mseal_guards[MSEAL_GUARD_ZAP].refusals);
}

static void attempt(unsigned long addr, struct attempts *got)
{
	unsigned long before = refused_drops();

	got->over = map(addr, MAP_FIXED);
	got->unmap = vm_munmap(addr, PAGE_SIZE);
	mseal_call_madvise(addr, PAGE_SIZE, MADV_DONTNEED);
	got->drops = refused_drops() - before;
}

static int try_sealed(unsigned long addr, struct attempts *got)
{
	struct mseal_space *space = mseal_space_prepare(current->mm);
	int err;

	if (IS_ERR(space))
		return PTR_ERR(space);
	mmap_write_lock(current->mm);
	err = mseal_mm_add_test(current->mm, addr, addr + PAGE_SIZE,
				MSEAL_T_NATIVE, space);
	mmap_write_unlock(current->mm);
	if (err)
		goto out;
	attempt(addr, got);
	mmap_write_lock(current->mm);
	mseal_mm_drop_test(space);
	mmap_write_unlock(current->mm);
	/* Others may still be walking over it in search of their own. */
	synchronize_rcu();
out:
	mseal_space_release(space);
	return err;
}

int mseal_selftest(void)
{
	unsigned long addr = map(0, 0);
	struct attempts got;
	int err, unmap;

	if (IS_ERR_VALUE(addr))
		return addr;
	err = try_sealed(addr, &got);
	mseal_hooks_reset();
	unmap = vm_munmap(addr, PAGE_SIZE);
	if (err)
		return err;
	if (got.over == -EPERM && got.unmap == -EPERM && got.drops && !unmap)
		return 0;
	pr_err("not loading: a test seal didn't hold (map over %ld, unmap %ld, discards refused %lu, unsealed unmap %d)\n",
	       got.over, got.unmap, got.drops, unmap);
	return -ENODEV;
}
