// SPDX-License-Identifier: GPL-2.0
/*
 * One handler for each guarded function: fetch the arguments, ask the policy,
 * deny or pass.
 *
 * Handlers may run with preemption off, on PREEMPT_RT too.  They don't sleep,
 * allocate, free, log or signal, and call nothing that is hooked.  What a refusal
 * brings about is done by what stands in for the function.
 */
#include <linux/kernel.h>
#include <linux/module.h>

#include "guards.h"
#include "madvise.h"
#include "mm.h"
#include "mremap.h"
#include "notes.h"
#include "policy.h"
#include "protect.h"
#include "refusal.h"
#include "serve.h"
#include "wrappers.h"

/*
 * Where hardly anybody has seals a handler is over before it needs a register of
 * its own; the judgement that it comes to else is a function beside it.
 */
#define HANDLER(handler, judge, mm)					\
static void handler(unsigned long ip, unsigned long parent_ip,		\
		    struct ftrace_ops *ops, struct mseal_fregs *fregs)	\
{									\
	if (mseal_any_sealed() && mseal_maybe_sealed(mm))		\
		judge(parent_ip, ops, fregs);				\
}

/* Comes here again when the wrapper calls the original; the seals are gone. */
static noinline void judge_unmap(unsigned long parent_ip,
				 struct ftrace_ops *ops,
				 struct mseal_fregs *fregs)
{
	struct mseal_mm_range r = mseal_unmap_args(fregs), stopped;
	bool sealed;
	enum mseal_answer answer = mseal_ask_unmap(r.mm, r.start, r.end, &sealed);

	if (answer == MSEAL_REFUSES) {
		mseal_deny(ops, fregs, MSEAL_OP_UNMAP, &r);
		return;
	}
	if (mseal_mremap_stops(r.mm, &stopped)) {
		mseal_deny(ops, fregs, MSEAL_OP_REMAP, &stopped);
		return;
	}
	if (answer == MSEAL_REPORTS && !mseal_in_syscall(mremap))
		mseal_reported(MSEAL_OP_UNMAP, r.mm, r.start, r.end);
	if (sealed && mseal_mm_sealed(r.mm))
		mseal_set_ip(fregs, (unsigned long)mseal_wrap_unmap);
}

HANDLER(guard_unmap, judge_unmap, mseal_unmap_mm(fregs))

/* For what needs no more than the answer. */
static void answer_with(enum mseal_answer answer, enum mseal_op op,
			const struct mseal_mm_range *r, struct ftrace_ops *ops,
			struct mseal_fregs *fregs)
{
	if (answer == MSEAL_REFUSES)
		mseal_deny(ops, fregs, op, r);
	else if (answer == MSEAL_REPORTS)
		mseal_reported(op, r->mm, r->start, r->end);
}

/*
 * An unmap that fails inside mmap_region() comes out as ENOMEM, so a mapping
 * over sealed memory is refused before it.
 */
static noinline void judge_map(unsigned long parent_ip,
			       struct ftrace_ops *ops,
			       struct mseal_fregs *fregs)
{
	struct mseal_mm_range r = mseal_map_args(fregs);

	answer_with(mseal_ask_map_over(r.mm, r.start, r.end), MSEAL_OP_MAP, &r,
		    ops, fregs);
}

HANDLER(guard_map, judge_map, current->mm)

static noinline void judge_protect(unsigned long parent_ip,
				   struct ftrace_ops *ops,
				   struct mseal_fregs *fregs)
{
	struct mseal_change change = mseal_protect_args(fregs);
	struct mseal_mm_range r = {
		.mm = change.vma->vm_mm,
		.start = change.start,
		.end = change.end,
	};

	answer_with(mseal_ask_change(&change, &r.end), MSEAL_OP_PROTECT, &r,
		    ops, fregs);
}

HANDLER(guard_protect, judge_protect, mseal_protect_args(fregs).vma->vm_mm)

/* Nothing to report: the wrapper of mremap() has done so. */
static noinline void judge_resize(unsigned long parent_ip,
				  struct ftrace_ops *ops,
				  struct mseal_fregs *fregs)
{
	struct mseal_mm_range r = mseal_resize_args(fregs);

	if (mseal_ask_move(r.mm, r.start, r.end) == MSEAL_REFUSES)
		mseal_deny(ops, fregs, MSEAL_OP_REMAP, &r);
}

HANDLER(guard_resize, judge_resize, current->mm)

/* Comes here again when the wrapper calls the original, behind a kretprobe perhaps. */
static __always_inline bool is_again(unsigned long parent_ip,
				     struct mm_struct *mm)
{
	return within_module(parent_ip, THIS_MODULE) ||
	       (!IS_ENABLED(CONFIG_KPROBES_ON_FTRACE) && mseal_note_find(mm));
}

static noinline void judge_mremap(unsigned long parent_ip,
				  struct ftrace_ops *ops,
				  struct mseal_fregs *fregs)
{
	if (!is_again(parent_ip, current->mm) && mseal_mm_sealed(current->mm))
		mseal_set_ip(fregs, (unsigned long)mseal_wrap_mremap);
}

HANDLER(guard_mremap, judge_mremap, current->mm)

#ifdef MSEAL_MREMAP_COMPAT
static noinline void judge_mremap_compat(unsigned long parent_ip,
					 struct ftrace_ops *ops,
					 struct mseal_fregs *fregs)
{
	if (!within_module(parent_ip, THIS_MODULE) &&
	    mseal_mm_sealed(current->mm))
		mseal_set_ip(fregs, (unsigned long)mseal_wrap_mremap_compat);
}

HANDLER(guard_mremap_compat, judge_mremap_compat, current->mm)
#endif

static noinline void judge_madvise(unsigned long parent_ip,
				   struct ftrace_ops *ops,
				   struct mseal_fregs *fregs)
{
	struct mm_struct *mm = (struct mm_struct *)mseal_arg(fregs, 0);

	if (!is_again(parent_ip, mm) && mseal_mm_sealed(mm))
		mseal_set_ip(fregs, (unsigned long)mseal_wrap_madvise);
}

HANDLER(guard_madvise, judge_madvise, (struct mm_struct *)mseal_arg(fregs, 0))

static noinline void judge_sys_madvise(unsigned long parent_ip,
				       struct ftrace_ops *ops,
				       struct mseal_fregs *fregs)
{
	if (mseal_mm_sealed(current->mm))
		mseal_set_ip(fregs, (unsigned long)mseal_wrap_sys_madvise);
}

HANDLER(guard_sys_madvise, judge_sys_madvise, current->mm)

/* Denies by functions that answer in the hooked one's way. */
static void carry_out(enum mseal_verdict verdict,
		      const struct mseal_mm_range *r, struct ftrace_ops *ops,
		      struct mseal_fregs *fregs, unsigned long stub,
		      unsigned long stub_unseen)
{
	if (verdict == MSEAL_DENY)
		mseal_deny_by(ops, fregs, MSEAL_OP_DISCARD, r, stub);
	else if (verdict == MSEAL_DENY_UNSEEN)
		mseal_deny_by(ops, fregs, MSEAL_OP_DISCARD, r, stub_unseen);
	else if (verdict == MSEAL_DENY_AGAIN)
		mseal_set_ip(fregs, (unsigned long)mseal_nothing);
}

static noinline void judge_walk(unsigned long parent_ip,
				struct ftrace_ops *ops,
				struct mseal_fregs *fregs)
{
	struct mseal_mm_range r = {
		.mm = (struct mm_struct *)mseal_arg(fregs, 0),
		.start = mseal_arg(fregs, 1),
		.end = mseal_arg(fregs, 1),
	};

	carry_out(mseal_judge_walk(&r, parent_ip), &r,
		  ops, fregs, (unsigned long)mseal_no_vma,
		  (unsigned long)mseal_no_vma_unseen);
}

HANDLER(guard_walk, judge_walk, (struct mm_struct *)mseal_arg(fregs, 0))

static noinline void judge_zap(unsigned long parent_ip,
			       struct ftrace_ops *ops,
			       struct mseal_fregs *fregs)
{
	struct mseal_mm_range r = mseal_zap_args(fregs);

	carry_out(mseal_judge_zap(mseal_zap_vma(fregs), &r, parent_ip), &r,
		  ops, fregs, (unsigned long)mseal_not_dropped,
		  (unsigned long)mseal_not_dropped_unseen);
}

HANDLER(guard_zap, judge_zap, mseal_zap_vma(fregs)->vm_mm)

static noinline void judge_free(unsigned long parent_ip,
				struct ftrace_ops *ops,
				struct mseal_fregs *fregs)
{
	struct mseal_mm_range r = mseal_free_args(fregs);

	carry_out(mseal_judge_free(&r, parent_ip), &r,
		  ops, fregs, (unsigned long)mseal_not_dropped,
		  (unsigned long)mseal_not_dropped_unseen);
}

HANDLER(guard_free, judge_free, (struct mm_struct *)mseal_arg(fregs, 0))

/* Comes here again when the wrapper calls the original; by then it has seals. */
static noinline void judge_fork(unsigned long parent_ip,
				struct ftrace_ops *ops,
				struct mseal_fregs *fregs)
{
	struct mm_struct *oldmm = (struct mm_struct *)mseal_arg(fregs, 0);
	struct mm_struct *mm = (struct mm_struct *)mseal_arg(fregs, 1);

	if (mseal_mm_sealed(oldmm) && !mseal_mm_sealed(mm))
		mseal_set_ip(fregs, (unsigned long)mseal_wrap_fork);
}

HANDLER(guard_fork, judge_fork, (struct mm_struct *)mseal_arg(fregs, 0))

/* Comes here again when the wrapper calls the original; the entry is gone. */
static noinline void judge_exit(unsigned long parent_ip,
				struct ftrace_ops *ops,
				struct mseal_fregs *fregs)
{
	struct mm_struct *mm = (struct mm_struct *)mseal_arg(fregs, 0);

	if (mseal_mm_sealed(mm))
		mseal_set_ip(fregs, (unsigned long)mseal_wrap_exit);
}

HANDLER(guard_exit, judge_exit, (struct mm_struct *)mseal_arg(fregs, 0))

#ifdef MSEAL_SERVED_BY_FILTER
/* Comes here again when the wrapper asks the filter. */
static void guard_serve(unsigned long ip, unsigned long parent_ip,
			struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	if (!mseal_asked_for() && !mseal_filter_tells_tracer(current))
		return;
	if (mseal_serves() && !within_module(parent_ip, THIS_MODULE))
		mseal_set_ip(fregs, (unsigned long)mseal_wrap_filter);
}
#else
static void guard_serve(unsigned long ip, unsigned long parent_ip,
			struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	if (mseal_asked_for() && mseal_serves())
		mseal_set_ip(fregs, (unsigned long)mseal_serve_unknown);
}
#endif

struct mseal_guard mseal_guards[MSEAL_NR_GUARDS] = {
	[MSEAL_GUARD_UNMAP] = {
		.function = MSEAL_UNMAP,
		.prototype = MSEAL_UNMAP_PROTOTYPE,
		.name = "unmap",
		.bind = mseal_bind_unmap,
		MSEAL_HANDLER(guard_unmap),
	},
	[MSEAL_GUARD_MAP] = {
		.function = MSEAL_MAP,
		.prototype = MSEAL_MAP_PROTOTYPE,
		.name = "map over",
		MSEAL_HANDLER(guard_map),
	},
	[MSEAL_GUARD_PROTECT] = {
		.function = MSEAL_PROTECT,
		.prototype = MSEAL_PROTECT_PROTOTYPE,
		.name = "protect",
		MSEAL_HANDLER(guard_protect),
	},
	[MSEAL_GUARD_RESIZE] = {
		.function = MSEAL_RESIZE,
		.prototype = MSEAL_RESIZE_PROTOTYPE,
		.name = "resize",
		MSEAL_HANDLER(guard_resize),
	},
	[MSEAL_GUARD_MREMAP] = {
		.function = MSEAL_MREMAP,
		.prototype = MSEAL_SYSCALL_PROTOTYPE(MSEAL_MREMAP),
		.name = "mremap",
		.bind = mseal_bind_mremap,
		MSEAL_HANDLER(guard_mremap),
	},
#ifdef MSEAL_MREMAP_COMPAT
	[MSEAL_GUARD_MREMAP_COMPAT] = {
		.function = MSEAL_MREMAP_COMPAT,
		.prototype = MSEAL_SYSCALL_PROTOTYPE(MSEAL_MREMAP_COMPAT),
		.name = "mremap, 32-bit",
		.bind = mseal_bind_mremap_compat,
		MSEAL_HANDLER(guard_mremap_compat),
	},
#endif
	[MSEAL_GUARD_MADVISE] = {
		.function = MSEAL_MADVISE,
		.prototype = MSEAL_MADVISE_PROTOTYPE,
		.name = "madvise",
		.bind = mseal_bind_madvise,
		MSEAL_HANDLER(guard_madvise),
	},
	[MSEAL_GUARD_SYS_MADVISE] = {
		.function = MSEAL_SYS_MADVISE,
		.prototype = MSEAL_SYSCALL_PROTOTYPE(MSEAL_SYS_MADVISE),
		.only_with = MSEAL_MADVISE_PART,
		.name = "madvise call",
		MSEAL_HANDLER(guard_sys_madvise),
	},
#ifdef MSEAL_SYS_MADVISE_COMPAT
	[MSEAL_GUARD_SYS_MADVISE_COMPAT] = {
		.function = MSEAL_SYS_MADVISE_COMPAT,
		.prototype = MSEAL_SYSCALL_PROTOTYPE(MSEAL_SYS_MADVISE_COMPAT),
		.only_with = MSEAL_MADVISE_PART,
		.name = "madvise, 32-bit",
		MSEAL_HANDLER(guard_sys_madvise),
	},
#endif
	[MSEAL_GUARD_WALK] = {
		.function = MSEAL_MADVISE_WALK,
		.prototype = MSEAL_MADVISE_WALK_PROTOTYPE,
		.name = "discard",
		MSEAL_HANDLER(guard_walk),
	},
	[MSEAL_GUARD_ZAP] = {
		.function = MSEAL_ZAP,
		.prototype = MSEAL_ZAP_PROTOTYPE,
		.name = "drop pages",
		MSEAL_HANDLER(guard_zap),
	},
	[MSEAL_GUARD_FREE] = {
		.function = MSEAL_FREE,
		.prototype = MSEAL_FREE_PROTOTYPE,
		.name = "mark pages",
		MSEAL_HANDLER(guard_free),
	},
	[MSEAL_GUARD_FORK] = {
		.function = MSEAL_FORK,
		.prototype = MSEAL_FORK_PROTOTYPE,
		.name = "fork",
		.bind = mseal_bind_fork,
		MSEAL_HANDLER(guard_fork),
	},
	[MSEAL_GUARD_EXIT] = {
		.function = MSEAL_EXIT,
		.prototype = MSEAL_EXIT_PROTOTYPE,
		.name = "exit",
		.bind = mseal_bind_exit,
		MSEAL_HANDLER(guard_exit),
	},
	[MSEAL_GUARD_SERVE] = {
		.function = MSEAL_SERVE,
		.prototype = MSEAL_SERVE_PROTOTYPE,
		.name = "system call 462",
		.only_if = &mseal_serve_syscall,
#ifdef MSEAL_SERVED_BY_FILTER
		.bind = mseal_bind_filter,
#endif
		MSEAL_HANDLER(guard_serve),
	},
};
