// SPDX-License-Identifier: GPL-2.0
/* Functions that stand in for hooked ones: madvise(). */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/static_call.h>

#include "compat/symbols.h"
#include "hook.h"
#include "madvise.h"
#include "notes.h"
#include "refusal.h"
#include "wrappers.h"

/* A direct call: an indirect one may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(madvise_original, do_madvise);

const char *const mseal_madvise_texts[MSEAL_NR_MADVISE_TEXTS] = {
	MSEAL_MADVISE_TEXTS
};

/* Written while the module loads; what doesn't exist has no size. */
static struct text {
	unsigned long start;
	unsigned long size;
} texts[MSEAL_NR_MADVISE_TEXTS];

void mseal_bind_madvise_texts(const struct mseal_symbol *found)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!found[i].found)
			continue;
		texts[i].start = found[i].addr;
		texts[i].size = mseal_symbol_size(found[i].addr);
	}
}

bool mseal_called_by_madvise(unsigned long ip)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (ip - texts[i].start < texts[i].size)
			return true;
	return false;
}

void mseal_bind_madvise(unsigned long addr)
{
	static_call_update(madvise_original, (typeof(&do_madvise))addr);
}

int mseal_wrap_madvise(struct mm_struct *mm, unsigned long start, size_t len,
		       int behavior)
{
	struct mseal_note note = {
		.task = current,
		.mm = mm,
		.start = untagged_addr(start),
		.end = untagged_addr(start) + PAGE_ALIGN(len),
		.behavior = behavior,
	};
	int err;

	mseal_note_begin(&note);
	err = static_call(madvise_original)(mm, start, len, behavior);
	mseal_note_end(&note);

	if (note.denied)
		return -EPERM;
	/*
	 * Done, and no check has seen it: this kernel goes another way.  Where other
	 * advice goes proves nothing.
	 */
	if (!err && note.end > note.start && !note.judged &&
	    mseal_discards(behavior))
		mseal_hooks_fail("madvise() isn't checked on this kernel");
	return err;
}

/* The call is no more than this. */
long mseal_wrap_sys_madvise(const struct pt_regs *regs)
{
	unsigned long args[6];

	mseal_syscall_args(args);
	return mseal_wrap_madvise(current->mm, args[0], args[1], args[2]);
}

int mseal_call_madvise(unsigned long start, size_t len, int behavior)
{
	return static_call(madvise_original)(current->mm, start, len, behavior);
}

struct vm_area_struct *mseal_no_vma(struct mm_struct *mm, unsigned long start,
				    struct vm_area_struct **pprev,
				    unsigned long end, enum mseal_op op)
{
	mseal_refused(op, mm, start, end);
	*pprev = NULL;
	return NULL;
}

struct vm_area_struct *mseal_no_vma_unseen(struct mm_struct *mm,
					   unsigned long start,
					   struct vm_area_struct **pprev,
					   unsigned long end, enum mseal_op op)
{
	mseal_madvise_fix_error();
	return mseal_no_vma(mm, start, pprev, end, op);
}

long mseal_nothing(void)
{
	return 0;
}

long mseal_not_dropped(struct mm_struct *mm, unsigned long start, void *third,
		       unsigned long end, enum mseal_op op)
{
	mseal_refused(op, mm, start, end);
	return 0;
}

long mseal_not_dropped_unseen(struct mm_struct *mm, unsigned long start,
			      void *third, unsigned long end, enum mseal_op op)
{
	mseal_madvise_fix_error();
	return mseal_not_dropped(mm, start, third, end, op);
}
