// SPDX-License-Identifier: GPL-2.0
/* /dev/mseal: its calls, and the checks of their arguments. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mseal_dev.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "dev.h"
#include "guards.h"
#include "hook.h"
#include "kernel.h"
#include "mm.h"
#include "query.h"
#include "refusal.h"
#include "seal.h"
#include "sealset.h"
#include "serve.h"

/*
 * Sizes of the first version of each structure: nothing shorter ever was valid.
 */
#define MSEAL_RANGE_SIZE_VER1	40
#define MSEAL_INFO_SIZE_VER1	88
#define MSEAL_QUERY_SIZE_VER1	32

static_assert(sizeof(struct mseal_range) == MSEAL_RANGE_SIZE_VER1);
static_assert(sizeof(struct mseal_info) == 112);
static_assert(sizeof(struct mseal_hook) == 72);
static_assert(sizeof(struct mseal_count) == 32);
static_assert(sizeof(struct mseal_query) == MSEAL_QUERY_SIZE_VER1);
static_assert(sizeof(struct mseal_record) == 32);

/* Read a structure that begins with its own size, whatever version it is of. */
static int fetch_any(void *dst, size_t known, size_t least, void __user *argp,
		     u32 *size)
{
	if (get_user(*size, (u32 __user *)argp))
		return -EFAULT;
	if (*size < least)
		return -EINVAL;
	if (*size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(dst, known, argp, *size);
}

/*
 * Mostly it is of the version known here, and one copy has it all; and a length
 * known here needs no check of what it may cover.
 */
static __always_inline int fetch(void *dst, size_t known, size_t least,
				 void __user *argp, u32 *size)
{
	if (copy_from_user(dst, argp, known))
		return fetch_any(dst, known, least, argp, size);
	*size = *(u32 *)dst;
	return *size == known ? 0 : fetch_any(dst, known, least, argp, size);
}

static long ioctl_seal(void __user *argp)
{
	struct mseal_range range;
	u32 size;
	int err;

	err = fetch(&range, sizeof(range), MSEAL_RANGE_SIZE_VER1, argp, &size);
	if (err)
		return err;
	if (range.reserved)
		return -EINVAL;
	return mseal_seal(range.addr, range.len, range.types, range.flags);
}

/* Fill as many elements as there is room for, say how many there are. */
static int put_hooks(struct mseal_hook __user *hooks, u32 *nr)
{
	u32 room = hooks ? *nr : 0, i, n = 0;

	for (i = 0; i < MSEAL_NR_GUARDS; i++) {
		const struct mseal_guard *guard = &mseal_guards[i];
		struct mseal_hook hook = {};

		if (!guard->addr || n++ >= room)
			continue;
		strscpy(hook.function, guard->function, sizeof(hook.function));
		strscpy(hook.guard, guard->name, sizeof(hook.guard));
		hook.refusals = atomic_long_read(&guard->refusals);
		if (copy_to_user(hooks++, &hook, sizeof(hook)))
			return -EFAULT;
	}
	*nr = n;
	return 0;
}

static int put_counts(struct mseal_count __user *counts, u32 *nr)
{
	u32 room = counts ? min_t(u32, *nr, MSEAL_NR_OPS) : 0, op;

	for (op = 0; op < room; op++) {
		struct mseal_count count;

		mseal_count_of(op, &count);
		if (copy_to_user(&counts[op], &count, sizeof(count)))
			return -EFAULT;
	}
	*nr = MSEAL_NR_OPS;
	return 0;
}

static long ioctl_info(void __user *argp)
{
	struct mseal_info info;
	u32 size;
	int err;

	err = fetch(&info, sizeof(info), MSEAL_INFO_SIZE_VER1, argp, &size);
	if (err)
		return err;
	if (info.reserved)
		return -EINVAL;
	err = put_hooks(u64_to_user_ptr(info.hooks), &info.nr_hooks);
	if (!err)
		err = put_counts(u64_to_user_ptr(info.counts), &info.nr_counts);
	if (err)
		return err;

	info.abi = MSEAL_ABI_VERSION;
	info.types = MSEAL_TYPES_OFFERED;
	info.state = (mseal_hooks_live() ? MSEAL_STATE_LIVE : 0) |
		     (READ_ONCE(mseal_new_seals) ? MSEAL_STATE_NEW_SEALS : 0) |
		     (mseal_serves() ? MSEAL_STATE_SERVES : 0) |
		     mseal_kernel_state();
	info.spaces = mseal_mm_count();
	info.ranges = sealset_total();
	info.seals = mseal_seals();
	info.refusals = mseal_refusals();
	info.reports = mseal_reports();
	info.max_ranges = READ_ONCE(mseal_max_ranges);
	memset(info.version, 0, sizeof(info.version));
	strscpy(info.version, THIS_MODULE->version, sizeof(info.version));
	return copy_to_user(argp, &info, min_t(size_t, size, sizeof(info))) ?
	       -EFAULT : 0;
}

static long ioctl_query(void __user *argp)
{
	struct mseal_query __user *arg = argp;
	struct mseal_query query;
	u32 size;
	int err;

	err = fetch(&query, sizeof(query), MSEAL_QUERY_SIZE_VER1, argp, &size);
	if (err)
		return err;
	if (query.reserved)
		return -EINVAL;
	err = mseal_query(query.pidfd, query.addr,
			  u64_to_user_ptr(query.records), &query.nr);
	if (err)
		return err;
	return put_user(query.nr, &arg->nr);
}

static long mseal_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case MSEAL_IOC_INFO:
		return ioctl_info(argp);
	case MSEAL_IOC_SEAL:
		return ioctl_seal(argp);
	case MSEAL_IOC_QUERY:
		return ioctl_query(argp);
	}
	return -ENOTTY;
}

static const struct file_operations mseal_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.unlocked_ioctl = mseal_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice mseal_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mseal",
	.fops = &mseal_fops,
	.mode = 0666,
};

int mseal_dev_init(void)
{
	return misc_register(&mseal_misc);
}

void mseal_dev_exit(void)
{
	misc_deregister(&mseal_misc);
}
