// SPDX-License-Identifier: GPL-2.0
/*
 * What seals mean for madvise().  Where its walk over the mappings begins, under
 * mmap_lock, neither the advice nor the length is at hand any more.  So a wrapper
 * notes them before, in the address space acted on.  Calls that began before the
 * address space had its first seal carry no note.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/task_work.h>
#include <linux/userfaultfd_k.h>

#include "compat/compat.h"
#include "madvise.h"
#include "mm.h"
#include "policy.h"

/* io_uring acts on its own task's address space only. */
static enum mseal_verdict judge_foreign(void)
{
	unsigned long args[6];

	if (!mseal_in_syscall(process_madvise))
		return MSEAL_DENY_UNSEEN;
	mseal_syscall_args(args);
	return mseal_discards(args[3]) ? MSEAL_DENY_UNSEEN : MSEAL_PASS;
}

/*
 * Without a note, the system call's registers tell, if this is the call.  They
 * would not if an io_uring request ran on the way out of an madvise() call.
 */
static enum mseal_verdict judge_unseen(struct mm_struct *mm,
				       unsigned long start)
{
	unsigned long args[6];

	if (mm != current->mm)
		return judge_foreign();
	if (mseal_uses_io_uring(current))
		return MSEAL_DENY_UNSEEN;
	if (mseal_in_syscall(process_madvise))
		return judge_foreign();
	mseal_syscall_args(args);
	if (!mseal_in_syscall(madvise) || untagged_addr(args[0]) != start)
		return MSEAL_DENY_UNSEEN;
	if (!mseal_discards(args[2]))
		return MSEAL_PASS;
	return mseal_refuses_discard(mm, start, start + PAGE_ALIGN(args[1])) ?
	       MSEAL_DENY_UNSEEN : MSEAL_PASS;
}

enum mseal_verdict mseal_madvise_verdict(struct mm_struct *mm,
					 unsigned long start)
{
	struct mseal_advice *advice;

	if (!mseal_mm_sealed(mm))
		return MSEAL_PASS;
	advice = mseal_advice_find(mm);
	if (!advice)
		return judge_unseen(mm, start);
	if (!mseal_discards(advice->behavior) ||
	    !mseal_refuses_discard(mm, advice->start, advice->end))
		return MSEAL_PASS;
	advice->denied = true;
	return MSEAL_DENY;
}

static void fix_error(struct callback_head *work)
{
	struct pt_regs *regs = task_pt_regs(current);

	if (mseal_in_syscall(madvise) &&
	    syscall_get_error(current, regs) == -ENOMEM)
		syscall_set_return_value(current, regs, -EPERM, 0);
	kfree(work);
	/* The task may be past its exit_mmap() by now. */
	module_put(THIS_MODULE);
}

void mseal_madvise_fix_error(void)
{
	struct callback_head *work;

	if (!mseal_in_syscall(madvise))
		return;
	/* Without memory the ENOMEM is true enough. */
	work = kmalloc(sizeof(*work), GFP_KERNEL);
	if (!work)
		return;
	__module_get(THIS_MODULE);
	init_task_work(work, fix_error);
	if (task_work_add(current, work, TWA_RESUME)) {
		module_put(THIS_MODULE);
		kfree(work);
	}
}

bool mseal_madvise_splits(struct mm_struct *mm, unsigned long start,
			  unsigned long end)
{
	struct vm_area_struct *vma;
	unsigned long addr;

	for (addr = start; addr < end; addr = vma->vm_end) {
		vma = find_vma(mm, addr);
		/* What comes last has nothing behind it. */
		if (!vma || vma->vm_end >= end)
			return false;
		if (userfaultfd_armed(vma))
			return true;
	}
	return false;
}
