// SPDX-License-Identifier: GPL-2.0
/*
 * What seals mean for mprotect(), which changes the mappings of its range one
 * after another.  So that a refused call changes nothing, the first time already
 * judges all that is to follow.  Each is judged again when its turn comes.
 */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/pkeys.h>
#include <linux/sched.h>

#include "mm.h"
#include "policy.h"
#include "protect.h"

/* Where the running call begins, and ends. */
struct extent {
	unsigned long start, end;
};

static __always_inline struct extent extent_of_call(void)
{
	unsigned long args[6], start;

	mseal_syscall_args(args);
	start = untagged_addr(args[0]);
	return (struct extent) { start, start + PAGE_ALIGN(args[1]) };
}

/* What the running call asks for. */
struct call {
	unsigned long prot;
	long pkey;
};

static struct call running_call(void)
{
	unsigned long args[6];

	mseal_syscall_args(args);
	return (struct call) {
		.prot = args[2] & ~(PROT_GROWSDOWN | PROT_GROWSUP),
		.pkey = mseal_in_syscall(pkey_mprotect) ? (int)args[3] : -1,
	};
}

/* With PROT_GROWSDOWN a call begins where its first mapping does, behind a hole, too. */
static noinline __cold bool begins_behind(const struct mseal_change *change,
					  unsigned long start)
{
	unsigned long args[6];

	mseal_syscall_args(args);
	return args[2] & PROT_GROWSDOWN &&
	       find_vma(change->vma->vm_mm, start) == change->vma;
}

/*
 * How far the running call goes.  A change that no call is known for stands alone,
 * and so does one that isn't the first: it was judged with that, under the same
 * lock, and to judge all that follows each time would take the square of their number.
 */
static unsigned long end_of_call(const struct mseal_change *change)
{
	struct extent whole;

	if (!mseal_in_syscall(mprotect) && !mseal_in_syscall(pkey_mprotect))
		return change->end;
	whole = extent_of_call();
	if (change->start > whole.start && !begins_behind(change, whole.start))
		return change->end;
	return whole.end;
}

/* What mprotect() itself will work out for a mapping when it gets there. */
static unsigned long flags_to_be(struct vm_area_struct *vma,
				 const struct call *call)
{
	unsigned long kept = ~(VM_READ | VM_WRITE | VM_EXEC | VM_FLAGS_CLEAR);
	unsigned long prot = call->prot;
	int pkey;

	if (current->personality & READ_IMPLIES_EXEC && prot & PROT_READ &&
	    vma->vm_flags & VM_MAYEXEC)
		prot |= PROT_EXEC;
	pkey = call->pkey == -1 ? mseal_usual_pkey(vma, prot) : call->pkey;
	return calc_vm_prot_bits(prot, pkey) | (vma->vm_flags & kept);
}

/* What follows the first change of a call, up to its end. */
static bool refuses_rest(const struct mseal_change *change, unsigned long end)
{
	struct mm_struct *mm = change->vma->vm_mm;
	struct vm_area_struct *vma;
	unsigned long addr;
	struct call call;

	if (!mseal_mm_look(mm, change->end, end, 0))
		return false;
	call = running_call();
	for (addr = change->end; addr < end; addr = vma->vm_end) {
		vma = find_vma(mm, addr);
		if (!vma)
			return false;
		if (mseal_ask_flags(vma, max(addr, vma->vm_start),
				    min(end, vma->vm_end),
				    flags_to_be(vma, &call)) == MSEAL_REFUSES)
			return true;
	}
	return false;
}

enum mseal_answer mseal_ask_change(const struct mseal_change *change,
				   unsigned long *end)
{
	unsigned long end_of_all = end_of_call(change);
	enum mseal_answer answer;

	answer = mseal_ask_flags(change->vma, change->start, change->end,
				 change->flags);
	if (answer != MSEAL_REFUSES && end_of_all > change->end &&
	    refuses_rest(change, end_of_all))
		answer = MSEAL_REFUSES;
	if (answer == MSEAL_REFUSES)
		*end = end_of_all;
	return answer;
}
