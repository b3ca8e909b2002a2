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

#include "policy.h"
#include "protect.h"

/* The call that is under way: how far it goes, and what it asks for. */
struct call {
	unsigned long end;
	unsigned long prot;
	long pkey;
};

/* A change that no call is known for stands alone. */
static struct call running_call(const struct mseal_change *change)
{
	bool keyed = mseal_in_syscall(pkey_mprotect);
	struct call call = { .end = change->end };
	unsigned long args[6];

	if (!keyed && !mseal_in_syscall(mprotect))
		return call;
	mseal_syscall_args(args);
	call.end = max(change->end,
		       untagged_addr(args[0]) + PAGE_ALIGN(args[1]));
	call.prot = args[2] & ~(PROT_GROWSDOWN | PROT_GROWSUP);
	call.pkey = keyed ? (int)args[3] : -1;
	return call;
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

/* What follows the first change of a call. */
static bool refuses_rest(const struct mseal_change *change,
			 const struct call *call)
{
	struct mm_struct *mm = change->vma->vm_mm;
	struct vm_area_struct *vma;
	unsigned long addr;

	if (mseal_ask_protect(mm, change->end, call->end) == MSEAL_REFUSES)
		return true;
	for (addr = change->end; addr < call->end; addr = vma->vm_end) {
		vma = find_vma(mm, addr);
		if (!vma)
			return false;
		if (mseal_ask_flags(vma, max(addr, vma->vm_start),
				    min(call->end, vma->vm_end),
				    flags_to_be(vma, call)) == MSEAL_REFUSES)
			return true;
	}
	return false;
}

enum mseal_answer mseal_ask_change(const struct mseal_change *change,
				   unsigned long *end)
{
	struct call call = running_call(change);
	enum mseal_answer answer;

	answer = max(mseal_ask_protect(change->vma->vm_mm, change->start,
				       change->end),
		     mseal_ask_flags(change->vma, change->start, change->end,
				     change->flags));
	if (answer != MSEAL_REFUSES && refuses_rest(change, &call))
		answer = MSEAL_REFUSES;
	if (answer == MSEAL_REFUSES)
		*end = call.end;
	return answer;
}
