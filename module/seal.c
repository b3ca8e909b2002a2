// SPDX-License-Identifier: GPL-2.0
/* What mseal() means: check a range, then seal it. */
#include <linux/err.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/moduleparam.h>
#include <linux/mseal_dev.h>
#include <linux/sched.h>

#include "compat/vma.h"
#include "hook.h"
#include "mm.h"
#include "refusal.h"
#include "seal.h"

bool mseal_new_seals = true;
module_param_named(new_seals, mseal_new_seals, bool, 0644);
MODULE_PARM_DESC(new_seals, "0: accept no new seals, so that the module can be unloaded once all sealed processes have ended");

unsigned int mseal_max_ranges = MSEAL_USUAL_RANGES;
module_param_named(max_ranges, mseal_max_ranges, uint, 0644);
MODULE_PARM_DESC(max_ranges, "most separate ranges that a process may seal");

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
	unsigned long addr = start;
	int err = 0;

	mmap_assert_write_locked(mm);
	mseal_for_each_vma(vma, mm, start) {
		if (vma->vm_start > addr)
			break;
		if (!can_cut(vma, start) || !can_cut(vma, end))
			err = -EINVAL;
		addr = vma->vm_end;
		if (addr >= end)
			return err;
	}
	return -ENOMEM;
}

/* May the types be added, where some are frozen? */
static int check_frozen(const struct mseal_space *space, struct mm_struct *mm,
			unsigned long start, unsigned long end, u64 types)
{
	const u64 reported = (u64)MSEAL_T_FREEZE << MSEAL_REPORT_SHIFT;

	if (!(mseal_space_types(space, start, end) & (MSEAL_T_FREEZE | reported)))
		return 0;
	if (mseal_space_lacks(space, start, end, MSEAL_T_FREEZE, types)) {
		mseal_refused(MSEAL_OP_SEAL, mm, start, end);
		return -EPERM;
	}
	if (mseal_space_lacks(space, start, end, reported, types))
		mseal_reported(MSEAL_OP_SEAL, mm, start, end);
	return 0;
}

/* What is only to be reported is kept apart. */
static u64 kept_as(u64 types)
{
	if (types & MSEAL_T_REPORT)
		return (types & ~MSEAL_T_REPORT) << MSEAL_REPORT_SHIFT;
	return types;
}

/* What has all the types already is mapped, and nothing is added to it. */
static int seal_locked(struct mseal_space *space, struct mm_struct *mm,
		       unsigned long start, unsigned long end, u64 types)
{
	int err;

	if (mseal_space_has(space, start, end, types))
		return 0;
	err = check_mapped(mm, start, end);
	if (!err)
		err = check_frozen(space, mm, start, end, types);
	if (!err)
		err = mseal_space_add(space, start, end, types,
				      READ_ONCE(mseal_max_ranges));
	return err;
}

static int seal_mapped(struct mm_struct *mm, unsigned long start,
		       unsigned long end, u64 types)
{
	struct mseal_space *prepared = mseal_space_prepare(mm);
	int err;

	if (IS_ERR(prepared))
		return PTR_ERR(prepared);
	if (mmap_write_lock_killable(mm)) {
		err = -EINTR;
		goto out;
	}
	err = seal_locked(mseal_space_settle(prepared), mm, start, end, types);
	mmap_write_unlock(mm);
out:
	mseal_space_release(prepared);
	if (!err)
		atomic_long_inc(&nr_seals);
	return err;
}

/* REPORT says what is to become of the others, so it needs some. */
static int check_types(u64 types)
{
	if (!(types & ~MSEAL_T_REPORT))
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
		mseal_hooks_fail("hooks don't run any more");
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
	err = seal_mapped(current->mm, start, start + size, kept_as(types));
	if (!err)
		mseal_trace_sealed(start, start + size, types);
	return err;
}
