// SPDX-License-Identifier: GPL-2.0
/*
 * Takes a kernel function for itself, as only one user at a time may: by an
 * ftrace hook that might change where the function goes, or by a kprobe with a
 * handler for afterwards.  Both do nothing.
 */
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>

#include "compat/ftrace.h"

static char *function = "exit_mmap";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "kernel function to take");

static bool kprobe;
module_param(kprobe, bool, 0444);
MODULE_PARM_DESC(kprobe, "1: by a kprobe, 0: by ftrace");

static void notrace pass(unsigned long ip, unsigned long parent_ip,
			 struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
}

static struct ftrace_ops ops = {
	.func = pass,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_SAVE_REGS,
};

static void afterwards(struct kprobe *p, struct pt_regs *regs,
		       unsigned long flags)
{
}

static struct kprobe probe = { .post_handler = afterwards };

static int __init rival_init(void)
{
	int err;

	if (kprobe) {
		probe.symbol_name = function;
		return register_kprobe(&probe);
	}
	err = ftrace_set_filter(&ops, function, strlen(function), 0);
	if (err)
		return err;
	/* A filter can be freed since 5.17; what is left of this one is a few bytes. */
	return register_ftrace_function(&ops);
}

static void __exit rival_exit(void)
{
	if (kprobe) {
		unregister_kprobe(&probe);
		return;
	}
	unregister_ftrace_function(&ops);
}

module_init(rival_init);
module_exit(rival_exit);
MODULE_DESCRIPTION("Holds a kernel function, for tests of mseal");
MODULE_LICENSE("GPL");
