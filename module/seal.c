// SPDX-License-Identifier: GPL-2.0
/* What mseal() means: check a range, then seal it. */
#include <linux/err.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/moduleparam.h>
#include <linux/mseal_dev.h>
#include <linux/sched.h>

#include "hook.h"
#include "mm.h"
#include "seal.h"

bool mseal_new_seals = true;
module_param_named(new_seals, mseal_new_seals, bool, 0644);
MODULE_PARM_DESC(new_seals, "0: accept no new seals, so that the module can be unloaded once all sealed processes have ended");

/* As many mappings as a process may have by default. */
unsigned int mseal_max_ranges = 65530;
module_param_named(max_ranges, mseal_max_ranges, uint, 0644);
MODULE_PARM_DESC(max_ranges, "most separate sealed ranges that a process may have");

static atomic_long_t nr_seals;

unsigned long mseal_seals(void)
{
	return atomic_long_read(&nr_seals);
}

/* Could native mseal cut the mapping at @addr?  It can't cut a huge page. */
static bool can_cut(struct vm_area_struct *vma, unsigned long addr)
{
	return addr <= vma->vm_start || addr >= vma->vm_end ||
	       IS_ALIGNED(addr, vma_kernel_pagesize(vma));
}

/* A hole anywhere counts before a cut anywhere. */
static int check_mapped(struct mm_struct *mm, unsigned long start,
			unsigned long end)
{
	struct vm_area_struct *vma;
	unsigned long addr;
	int err = 0;

	mmap_assert_write_locked(mm);
	for (addr = start; addr < end; addr = vma->vm_end) {
		vma = find_vma(mm, addr);
		if (!vma || vma->vm_start > addr)
			return -ENOMEM;
		if (!can_cut(vma, start) || !can_cut(vma, end))
			err = -EINVAL;
	}
	return err;
}

static int seal_mapped(struct mm_struct *mm, unsigned long start,
		       unsigned long end, u64 types)
{
	struct mseal_space *spare = mseal_space_prepare(mm);
	int err;

	if (IS_ERR(spare))
		return PTR_ERR(spare);
	if (mmap_write_lock_killable(mm)) {
		err = -EINTR;
		goto out;
	}
	err = check_mapped(mm, start, end);
	if (!err && mseal_mm_lacks(mm, start, end, MSEAL_T_FREEZE, types))
		err = -EPERM;
	if (!err)
		err = mseal_mm_add(mm, start, end, types,
				   READ_ONCE(mseal_max_ranges), &spare);
	mmap_write_unlock(mm);
out:
	mseal_space_release(spare);
	if (!err)
		atomic_long_inc(&nr_seals);
	return err;
}

static int check_types(u64 types)
{
	if (!types || types & ~MSEAL_TYPES_KNOWN)
		return -EINVAL;
	return types & ~MSEAL_TYPES_OFFERED ? -EOPNOTSUPP : 0;
}

int mseal_seal(u64 addr, u64 len, u64 types, u64 flags)
{
	unsigned long start, size;
	int err;

	if (!READ_ONCE(mseal_new_seals))
		return -ENOSYS;
	if (!mseal_hooks_live()) {
		pr_err_once("hooks don't run any more: no new seals, and the old ones don't hold\n");
		return -ENODEV;
	}
	if (flags)
		return -EINVAL;
	err = check_types(types);
	if (err)
		return err;

	start = untagged_addr(addr);
	size = PAGE_ALIGN(len);
	if (!PAGE_ALIGNED(start) || (len && !size) || start + size < start)
		return -EINVAL;
	if (!size)
		return 0;
	return seal_mapped(current->mm, start, start + size, types);
}
