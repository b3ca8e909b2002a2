// SPDX-License-Identifier: GPL-2.0
/* Proof at load that a seal holds, on the functions that really unmap and map. */
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mseal_dev.h>
#include <linux/sched.h>

#include "hook.h"
#include "mm.h"
#include "seal.h"

static unsigned long map(unsigned long addr, unsigned long flags)
{
	return vm_mmap(NULL, addr, PAGE_SIZE, PROT_READ,
		       MAP_PRIVATE | MAP_ANONYMOUS | flags, 0);
}

static int seal_page(unsigned long addr)
{
	struct mseal_space *spare = mseal_space_prepare(current->mm);
	int err;

	if (IS_ERR(spare))
		return PTR_ERR(spare);
	mmap_write_lock(current->mm);
	err = mseal_mm_add(current->mm, addr, addr + PAGE_SIZE, MSEAL_T_NATIVE,
			   1, &spare);
	mmap_write_unlock(current->mm);
	mseal_space_release(spare);
	return err;
}

static void forget_seals(void)
{
	mmap_write_lock(current->mm);
	mseal_mm_exit(current->mm);
	mmap_write_unlock(current->mm);
}

int mseal_selftest(void)
{
	unsigned long addr = map(0, 0);
	long over, unmap;
	int err;

	if (IS_ERR_VALUE(addr))
		return addr;
	err = seal_page(addr);
	if (err) {
		vm_munmap(addr, PAGE_SIZE);
		return err;
	}
	over = map(addr, MAP_FIXED);
	unmap = vm_munmap(addr, PAGE_SIZE);
	forget_seals();
	mseal_refusals_reset();
	err = vm_munmap(addr, PAGE_SIZE);
	if (over == -EPERM && unmap == -EPERM && !err)
		return 0;
	pr_err("not loading: a test seal didn't hold (map over %ld, unmap %ld, unsealed unmap %d)\n",
	       over, unmap, err);
	return -ENODEV;
}
