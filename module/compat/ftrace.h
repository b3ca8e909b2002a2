/* SPDX-License-Identifier: GPL-2.0 */
/* Differences in how a function entry is hooked. */
#ifndef _MSEAL_COMPAT_FTRACE_H
#define _MSEAL_COMPAT_FTRACE_H

#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>

#include "arch.h"

/*
 * Since 5.11 a handler gets struct ftrace_regs, and the flag RECURSION asks for
 * protection against recursion where RECURSION_SAFE declined it before.  It is
 * declined here: a detected recursion skips the handler, and with it the check.
 * Remove the old branch with 5.10.
 */
#ifdef MSEAL_HAVE_FTRACE_REGS
#define mseal_fregs		ftrace_regs
#define MSEAL_FTRACE_RECURSION	0
#else
#define mseal_fregs		pt_regs
#define MSEAL_FTRACE_RECURSION	FTRACE_OPS_FL_RECURSION_SAFE
#endif

/*
 * Where every handler gets the argument registers a full pt_regs would only
 * cost; elsewhere it is the only way to them.
 */
#if IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
#define MSEAL_FTRACE_REGS	0
#else
#define MSEAL_FTRACE_REGS	FTRACE_OPS_FL_SAVE_REGS
#endif

/* PERMANENT: no sysctl may switch ftrace off while seals rely on it. */
#define MSEAL_FTRACE_FLAGS						\
	(FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT |		\
	 MSEAL_FTRACE_REGS | MSEAL_FTRACE_RECURSION)

/*
 * Since 6.2 there are accessors, but none to set an argument.  Before, what a
 * handler got was a pt_regs inside, complete or not.
 */
#if defined(MSEAL_HAVE_FTRACE_REGS_ARGUMENT)
#define mseal_arg(fregs, n)	ftrace_regs_get_argument(fregs, n)
#define mseal_set_arg(fregs, n, value) (*mseal_fregs_slot(fregs, n) = (value))
#define mseal_set_ip(fregs, ip)	\
	ftrace_regs_set_instruction_pointer(fregs, ip)
#elif defined(MSEAL_HAVE_FTRACE_REGS)
#define mseal_arg(fregs, n)	(*mseal_regs_slot(&(fregs)->regs, n))
#define mseal_set_arg(fregs, n, value) (mseal_arg(fregs, n) = (value))
#define mseal_set_ip(fregs, ip)	instruction_pointer_set(&(fregs)->regs, ip)
#else
#define mseal_arg(fregs, n)	(*mseal_regs_slot(fregs, n))
#define mseal_set_arg(fregs, n, value) (mseal_arg(fregs, n) = (value))
#define mseal_set_ip(fregs, ip)	instruction_pointer_set(fregs, ip)
#endif

/**
 * mseal_filter_entry() - let a hook run at a function's entry
 * @ops: the hook, not registered
 * @addr: the function; replaced by the place that is hooked
 *
 * Asked for the function's own address, ftrace takes any place inside it that
 * can be hooked, and some symbols hold two.
 */
static inline int mseal_filter_entry(struct ftrace_ops *ops, unsigned long *addr)
{
	static const unsigned int offsets[] = MSEAL_ENTRY_OFFSETS;
	int err = -EINVAL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		err = ftrace_set_filter_ip(ops, *addr + offsets[i], 0, 0);
		if (err)
			continue;
		*addr += offsets[i];
		break;
	}
	return err;
}

#endif /* _MSEAL_COMPAT_FTRACE_H */
