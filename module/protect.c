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

bool mseal_protect_refuses(const struct mseal_change *change)
{
	struct call call = running_call(change);
	struct vm_area_struct *vma = change->vma;
	struct mm_struct *mm = vma->vm_mm;
	unsigned long addr;

	if (mseal_refuses_protect(mm, change->start, call.end) ||
	    mseal_refuses_flags(vma, change->start, change->end, change->flags))
		return true;
	for (addr = change->end; addr < call.end; addr = vma->vm_end) {
		vma = find_vma(mm, addr);
		if (!vma)
			return false;
		if (mseal_refuses_flags(vma, max(addr, vma->vm_start),
					min(call.end, vma->vm_end),
					flags_to_be(vma, &call)))
			return true;
	}
	return false;
}
