// SPDX-License-Identifier: GPL-2.0
/*
 * What seals mean for madvise().  Where its walk over the mappings begins, under
 * mmap_lock, neither the advice nor the length is at hand any more.  So a wrapper
 * notes them before.  Calls that began before the address space had its first
 * seal carry no note.
 *
 * A walk may drop the lock to tell a userfaultfd, and go on to mappings that were
 * sealed meanwhile.  So what really discards is judged once more.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "compat/compat.h"
#include "compat/mman.h"
#include "madvise.h"
#include "mm.h"
#include "notes.h"
#include "policy.h"
#include "refusal.h"
#include "wrappers.h"

/*
 * Without a note the system call's registers tell, if this is the call.  They
 * would not if an io_uring request ran on the way out of an madvise() call.
 */
static enum mseal_verdict judge_unseen(struct mseal_mm_range *range)
{
	unsigned long args[6];

	mseal_syscall_args(args);
	/*
	 * Neither is ever wrapped; what they could hide is judged again, but for a
	 * MADV_FREE behind process_madvise(): see frees_unseen().
	 */
	if (mseal_in_syscall(prctl) ||
	    (mseal_in_syscall(process_madvise) && !mseal_discards(args[3])))
		return MSEAL_PASS;
	if (range->mm != current->mm || mseal_uses_io_uring(current) ||
	    !mseal_in_syscall(madvise) || untagged_addr(args[0]) != range->start)
		return MSEAL_DENY_UNSEEN;
	if (!mseal_discards(args[2]))
		return MSEAL_PASS;
	range->end = range->start + PAGE_ALIGN(args[1]);
	return mseal_ask_discard(range->mm, range->start, range->end) ==
	       MSEAL_REFUSES ? MSEAL_DENY_UNSEEN : MSEAL_PASS;
}

static enum mseal_verdict deny(struct mseal_note *note)
{
	if (!note)
		return MSEAL_DENY_UNSEEN;
	if (note->denied)
		return MSEAL_DENY_AGAIN;
	note->denied = true;
	return MSEAL_DENY;
}

enum mseal_verdict mseal_judge_walk(struct mseal_mm_range *range,
				    unsigned long caller)
{
	struct mseal_note *note = mseal_note_find(range->mm);
	enum mseal_answer answer;

	if (!note)
		return mseal_called_by_madvise(caller) &&
		       mseal_mm_sealed(range->mm) ?
		       judge_unseen(range) : MSEAL_PASS;
	note->judged = true;
	if (!mseal_discards(note->behavior))
		return MSEAL_PASS;
	range->start = note->start;
	range->end = note->end;
	answer = mseal_ask_discard(range->mm, range->start, range->end);
	if (answer == MSEAL_REPORTS)
		mseal_reported(MSEAL_OP_DISCARD, range->mm, range->start,
			       range->end);
	return answer == MSEAL_REFUSES ? deny(note) : MSEAL_PASS;
}

static bool drops_pages(const struct mseal_note *note)
{
	return note->behavior == MADV_DONTNEED ||
	       note->behavior == MADV_DONTNEED_LOCKED;
}

/*
 * A file that is cut or punched drops pages this way, too, even on behalf of
 * MADV_REMOVE, without the mmap_lock; but none of private anonymous memory.
 */
enum mseal_verdict mseal_judge_zap(struct vm_area_struct *vma,
				   const struct mseal_mm_range *range,
				   unsigned long caller)
{
	struct mseal_note *note = mseal_note_find(range->mm);
	enum mseal_answer answer;

	if (note ? drops_pages(note) : mseal_called_by_madvise(caller))
		answer = mseal_ask_discard(range->mm, range->start, range->end);
	else if (mseal_private_anon(vma))
		answer = mseal_ask_drop(range->mm, range->start, range->end);
	else
		return MSEAL_PASS;
	return answer == MSEAL_REFUSES ? deny(note) : MSEAL_PASS;
}

/*
 * Other advice walks over page tables in the same text; which it is tell the
 * registers, if they are this call's.
 */
static bool frees_unseen(unsigned long caller)
{
	unsigned long args[6];

	if (!mseal_called_by_madvise(caller))
		return false;
	/* It offers no such advice, and io_uring asks for madvise() in workers only. */
	if (mseal_in_syscall(process_madvise))
		return false;
	if (mseal_uses_io_uring(current))
		return true;
	if (!mseal_in_syscall(madvise))
		return true;
	mseal_syscall_args(args);
	return (int)args[2] == MADV_FREE;
}

enum mseal_verdict mseal_judge_free(const struct mseal_mm_range *range,
				    unsigned long caller)
{
	struct mseal_note *note = mseal_note_find(range->mm);

	if (note ? note->behavior != MADV_FREE : !frees_unseen(caller))
		return MSEAL_PASS;
	return mseal_ask_discard(range->mm, range->start, range->end) ==
	       MSEAL_REFUSES ? deny(note) : MSEAL_PASS;
}

static void fix_error(struct callback_head *work)
{
	/*
	 * Queued by the call, it runs at the call's end or at the task's.  Which call
	 * it is can't be asked: with a signal pending arm64 has forgotten it by now.
	 */
	if (!(current->flags & PF_EXITING))
		syscall_set_return_value(current, task_pt_regs(current),
					 -EPERM, 0);
	kfree(work);
	/*
	 * The task may be past its exit_mmap() by now.  Unregistering the hooks
	 * waits until it has left this text.
	 */
	module_put(THIS_MODULE);
}

void mseal_madvise_fix_error(void)
{
	struct callback_head *work;

	/* With io_uring about it may be a request that was refused. */
	if (!mseal_in_syscall(madvise) || mseal_uses_io_uring(current))
		return;
	/* Without memory the call's own answer has to do. */
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
