// SPDX-License-Identifier: GPL-2.0
/* A live patch of a function that mseal hooks, to the same effect as before. */
#include <linux/bitops.h>
#include <linux/livepatch.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/sched/coredump.h>
#include <linux/uprobes.h>

/* What a child inherits of uprobes. */
static void patched(struct mm_struct *oldmm, struct mm_struct *newmm)
{
	if (!test_bit(MMF_HAS_UPROBES, &oldmm->flags))
		return;
	set_bit(MMF_HAS_UPROBES, &newmm->flags);
	set_bit(MMF_RECALC_UPROBES, &newmm->flags);
}

static struct klp_func functions[] = {
	{ .old_name = "uprobe_dup_mmap", .new_func = patched },
	{ }
};

static struct klp_object objects[] = {
	{ .funcs = functions },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init patch_init(void)
{
	return klp_enable_patch(&patch);
}

/* Comes only when the patch has been disabled. */
static void __exit patch_exit(void)
{
}

module_init(patch_init);
module_exit(patch_exit);
MODULE_DESCRIPTION("A live patch, for tests of mseal");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
