// SPDX-License-Identifier: GPL-2.0
/*
 * One handler for each guarded function: fetch the arguments, ask the policy,
 * deny or pass.
 *
 * Handlers may run with preemption off, on PREEMPT_RT too.  They don't sleep,
 * allocate, free, log or signal, and call nothing that is hooked.
 */
#include <linux/kernel.h>
#include <linux/static_call.h>
#include <linux/uprobes.h>

#include "guards.h"
#include "mm.h"
#include "policy.h"

static void guard_unmap(unsigned long ip, unsigned long parent_ip,
			struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	struct mseal_mm_range r;

	if (!mseal_any_sealed())
		return;
	r = mseal_unmap_args(fregs);
	if (mseal_refuses_unmap(r.mm, r.start, r.end))
		mseal_deny(ops, fregs);
}

/*
 * An unmap that fails inside mmap_region() comes out as ENOMEM, so a mapping
 * over sealed memory is refused before it.
 */
static void guard_map(unsigned long ip, unsigned long parent_ip,
		      struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	struct mseal_mm_range r;

	if (!mseal_any_sealed())
		return;
	r = mseal_map_args(fregs);
	if (mseal_refuses_map_over(r.mm, r.start, r.end))
		mseal_deny(ops, fregs);
}

/*
 * mprotect() comes here once for each mapping of its range.  So that a refused
 * call changes nothing, the first time already judges all that is to follow.
 */
static unsigned long protect_end(unsigned long end)
{
	unsigned long args[6], call_end;

	if (!mseal_in_syscall(__NR_mprotect, MSEAL_NR_COMPAT_mprotect) &&
	    !mseal_in_syscall(__NR_pkey_mprotect,
			      MSEAL_NR_COMPAT_pkey_mprotect))
		return end;
	syscall_get_arguments(current, task_pt_regs(current), args);
	call_end = untagged_addr(args[0]) + PAGE_ALIGN(args[1]);
	return max(end, call_end);
}

static void guard_protect(unsigned long ip, unsigned long parent_ip,
			  struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	struct mseal_mm_range r;

	if (!mseal_any_sealed())
		return;
	r = mseal_protect_args(fregs);
	if (mseal_refuses_protect(r.mm, r.start, protect_end(r.end)))
		mseal_deny(ops, fregs);
}

/* A direct call: an indirect one may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(dup_original, uprobe_dup_mmap);

static void bind_fork(unsigned long addr)
{
	static_call_update(dup_original, (typeof(&uprobe_dup_mmap))addr);
}

/* Runs in the place of the hooked function, so it may sleep. */
static void fork_sealed(struct mm_struct *oldmm, struct mm_struct *mm)
{
	mseal_mm_fork(oldmm, mm);
	static_call(dup_original)(oldmm, mm);
}

/* Comes here again when the original is called; by then the child has seals. */
static void guard_fork(unsigned long ip, unsigned long parent_ip,
		       struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	if (!mseal_any_sealed())
		return;
	if (mseal_mm_sealed((struct mm_struct *)mseal_arg(fregs, 0)) &&
	    !mseal_mm_sealed((struct mm_struct *)mseal_arg(fregs, 1)))
		mseal_set_ip(fregs, (unsigned long)fork_sealed);
}

static void guard_exit(unsigned long ip, unsigned long parent_ip,
		       struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	if (mseal_any_sealed())
		mseal_mm_exit((struct mm_struct *)mseal_arg(fregs, 0));
}

struct mseal_guard mseal_guards[] = {
	{
		.function = MSEAL_UNMAP,
		.name = "unmap",
		MSEAL_HANDLER(guard_unmap),
	}, {
		.function = MSEAL_MAP,
		.name = "map over",
		MSEAL_HANDLER(guard_map),
	}, {
		.function = MSEAL_PROTECT,
		.name = "protect",
		MSEAL_HANDLER(guard_protect),
	}, {
		.function = MSEAL_FORK,
		.name = "fork",
		.bind = bind_fork,
		MSEAL_HANDLER(guard_fork),
	}, {
		.function = MSEAL_EXIT,
		.name = "exit",
		MSEAL_HANDLER(guard_exit),
	},
};

const unsigned int mseal_nr_guards = ARRAY_SIZE(mseal_guards);
