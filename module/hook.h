/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_HOOK_H
#define _MSEAL_HOOK_H

#include <linux/atomic.h>
#include <linux/ftrace.h>

#include <linux/mseal_dev.h>

#include "compat/compat.h"

/**
 * struct mseal_guard - a kernel function under guard
 * @function: its name
 * @prototype: what it must be, for mseal_check_prototypes()
 * @name: what the guard refuses, for people
 * @only_with: a function without which this guard isn't needed, or NULL
 * @only_if: a parameter without which it isn't, or NULL
 * @bind: told the function's address before it is hooked, or NULL
 * @addr: where the function is hooked while the guard stands, else 0
 * @ops: its hook; one for each function, so that no handler has to find out
 *	 where it was called
 * @refusals: calls refused here since the module was loaded
 */
struct mseal_guard {
	const char *function;
	const char *prototype;
	const char *name;
	const char *only_with;
	const bool *only_if;
	void (*bind)(unsigned long addr);
	unsigned long addr;
	struct ftrace_ops ops;
	atomic_long_t refusals;
};

#define MSEAL_HANDLER(_handler)						\
	.ops = { .func = (_handler), .flags = MSEAL_FTRACE_FLAGS }

/**
 * mseal_deny() - let the hooked function answer -EPERM instead of running
 * @ops: the guard's hook
 * @fregs: the registers at the function's entry
 * @op: what is refused
 * @range: and where
 */
void mseal_deny(struct ftrace_ops *ops, struct mseal_fregs *fregs,
		enum mseal_op op, const struct mseal_mm_range *range);

/*
 * The same, by a function that answers in the hooked one's way.  It is called
 *
 *	stub(mm, start, the hooked function's own third argument, end, op)
 */
void mseal_deny_by(struct ftrace_ops *ops, struct mseal_fregs *fregs,
		   enum mseal_op op, const struct mseal_mm_range *range,
		   unsigned long stub);

void mseal_count_at(struct mseal_guard *guard);

/**
 * mseal_hooks_install() - hook every guarded function
 *
 * Return: 0; or a negative errno after one line in the log that says why, with
 * maybe some hooked, for mseal_hooks_remove().
 */
int mseal_hooks_install(void);

/**
 * mseal_hooks_remove() - unhook whatever is hooked
 *
 * Return: false after one line in the log if ftrace has ended.  Then nothing can
 * be unhooked any more, and this text must stay.
 */
bool __must_check mseal_hooks_remove(void);

/**
 * mseal_hooks_keep() - never return, so that this text stays
 *
 * For when it is too late to refuse to be unloaded.
 */
void __noreturn mseal_hooks_keep(void);

/**
 * mseal_hooks_live() - prove that a hooked function is refused right now
 */
bool mseal_hooks_live(void);

/**
 * mseal_hooks_fail() - accept no more seals: a hook turned out not to do its work
 * @why: said in the log, once
 */
void mseal_hooks_fail(const char *why);

unsigned int mseal_hooks_count(void);

/* What was refused so far at the hooks is forgotten. */
void mseal_hooks_reset(void);

/* probe.c: a function that exists to be hooked */
long mseal_probe(void);

#endif /* _MSEAL_HOOK_H */
