// SPDX-License-Identifier: GPL-2.0
/*
 * Ends ftrace as it ends itself when it finds code that it didn't expect: for
 * good, with every hook left where it is.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static struct kprobe where = { .symbol_name = "ftrace_kill" };

static int __init ftrace_end_init(void)
{
	void (*ftrace_end)(void);
	int err;

	err = register_kprobe(&where);
	if (err)
		return err;
	ftrace_end = (void (*)(void))where.addr;
	unregister_kprobe(&where);
	ftrace_end();
	return 0;
}

static void __exit ftrace_end_exit(void)
{
}

module_init(ftrace_end_init);
module_exit(ftrace_end_exit);
MODULE_DESCRIPTION("Ends ftrace until the next boot, for tests of mseal");
MODULE_LICENSE("GPL");
