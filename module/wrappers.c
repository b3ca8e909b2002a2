// SPDX-License-Identifier: GPL-2.0
/* Functions that stand in for hooked ones: fork(), exit and mremap(). */
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmap_lock.h>
#include <linux/sched.h>
#include <linux/static_call.h>
#include <linux/uprobes.h>

#include "guards.h"
#include "mm.h"
#include "mremap.h"
#include "notes.h"
#include "refusal.h"
#include "wrappers.h"

/* Direct calls: indirect ones may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(dup_original, uprobe_dup_mmap);
DEFINE_STATIC_CALL_NULL(exit_original, mseal_wrap_exit);
DEFINE_STATIC_CALL_NULL(mremap_original, mseal_wrap_mremap);
#ifdef MSEAL_MREMAP_COMPAT
DEFINE_STATIC_CALL_NULL(mremap_compat_original, mseal_wrap_mremap);
#endif

void mseal_bind_fork(unsigned long addr)
{
	static_call_update(dup_original, (typeof(&uprobe_dup_mmap))addr);
}

void mseal_wrap_fork(struct mm_struct *oldmm, struct mm_struct *mm)
{
	mseal_mm_fork(oldmm, mm);
	static_call(dup_original)(oldmm, mm);
}

void mseal_bind_exit(unsigned long addr)
{
	static_call_update(exit_original, (typeof(&mseal_wrap_exit))addr);
}

/* Whoever ends an address space pays for taking its seals apart. */
void mseal_wrap_exit(struct mm_struct *mm)
{
	struct mseal_space *space = mseal_mm_unlink(mm);

	static_call(exit_original)(mm);
	mseal_space_bury(space);
}

void mseal_bind_mremap(unsigned long addr)
{
	static_call_update(mremap_original, (typeof(&mseal_wrap_mremap))addr);
}

/*
 * Several ways to be refused end at no hooked function, or with another error.
 * The checks under the lock for writing stay, and decide.
 */
static int check_mremap(struct mseal_guard *guard)
{
	struct mseal_remapped what;
	int err;

	if (mmap_read_lock_killable(current->mm))
		return -EINTR;
	err = mseal_judge_mremap(current->mm, &what);
	if (err == -EPERM) {
		mseal_count_at(guard);
		mseal_refused(MSEAL_OP_REMAP, current->mm, what.range.start,
			      what.range.end);
	} else if (!err && what.answer == MSEAL_REPORTS) {
		mseal_reported(MSEAL_OP_REMAP, current->mm, what.range.start,
			       what.range.end);
	}
	mmap_read_unlock(current->mm);
	return err;
}

/*
 * The hook knows the original's caller by its address; but where kretprobes don't go
 * through ftrace, one may have put its own return there, so a note tells.
 */
static __always_inline bool noted(void)
{
	return !IS_ENABLED(CONFIG_KPROBES_ON_FTRACE);
}

static long call_noted(const struct pt_regs *regs)
{
	struct mseal_note note = {
		.task = current,
		.mm = current->mm,
		.behavior = MADV_NORMAL,
	};
	long ret;

	mseal_note_begin(&note);
	ret = static_call(mremap_original)(regs);
	mseal_note_end(&note);
	return ret;
}

long mseal_wrap_mremap(const struct pt_regs *regs)
{
	long ret = check_mremap(&mseal_guards[MSEAL_GUARD_MREMAP]);

	if (!ret)
		ret = noted() ? call_noted(regs) :
				static_call(mremap_original)(regs);
	/* No tail call. */
	barrier();
	return ret;
}

#ifdef MSEAL_MREMAP_COMPAT
void mseal_bind_mremap_compat(unsigned long addr)
{
	static_call_update(mremap_compat_original,
			   (typeof(&mseal_wrap_mremap))addr);
}

long mseal_wrap_mremap_compat(const struct pt_regs *regs)
{
	long ret = check_mremap(&mseal_guards[MSEAL_GUARD_MREMAP_COMPAT]);

	if (!ret)
		ret = static_call(mremap_compat_original)(regs);
	barrier();
	return ret;
}
#endif
