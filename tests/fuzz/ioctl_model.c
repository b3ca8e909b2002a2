// SPDX-License-Identifier: GPL-2.0
/* The comment in the uapi header, as a program. */
#include "guards.h"
#include "ioctl_model.h"
#include "seal.h"

#define DEFINED		((MSEAL_T_REPORT << 1) - 1)
#define NR_OPS		(MSEAL_OP_SEAL + 1)

static void *image(struct outcome *outcome, unsigned long addr)
{
	return outcome->user + (addr - USER_START);
}

static u32 size_at(struct outcome *outcome, unsigned long arg)
{
	u32 size;

	memcpy(&size, image(outcome, arg), sizeof(size));
	return size;
}

/* Errors that every call has; 0: the structure is filled. */
static long take(struct outcome *outcome, unsigned long arg, void *to,
		 size_t known, size_t least)
{
	size_t i, size;

	if (!user_there(arg, sizeof(u32)))
		return -EFAULT;
	size = size_at(outcome, arg);
	if (size < least)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	for (i = known; i < size; i++) {
		if (!user_there(arg + i, 1))
			return -EFAULT;
		if (*(char *)image(outcome, arg + i))
			return -E2BIG;
	}
	memset(to, 0, known);
	if (size > known)
		size = known;
	if (!user_there(arg, size))
		return -EFAULT;
	memcpy(to, image(outcome, arg), size);
	return 0;
}

static bool hole_in(unsigned long start, unsigned long end)
{
	for (; start < end; start += PAGE_SIZE)
		if (!world_mapped(start))
			return true;
	return false;
}

static bool cuts_huge(unsigned long addr)
{
	return addr > HUGE_START && addr < HUGE_END && addr % HUGE_BYTES;
}

static long judge_pages(unsigned long start, unsigned long end)
{
	if (world.prepare_err)
		return world.prepare_err;
	if (world.dying)
		return -EINTR;
	if (world.sealed)
		return 0;
	if (hole_in(start, end))
		return -ENOMEM;
	if (cuts_huge(start) || cuts_huge(end))
		return -EINVAL;
	return world.frozen ? -EPERM : world.add_err;
}

static long judge_seal(struct outcome *outcome, const struct mseal_range *range)
{
	u64 pages = range->len / PAGE_SIZE + !!(range->len % PAGE_SIZE);

	/* The form of the structure comes before everything else. */
	if (range->reserved)
		return -EINVAL;
	if (!world.new_seals)
		return -ENOSYS;
	if (!world.live)
		return -ENODEV;
	if (range->flags || !range->types || range->types == MSEAL_T_REPORT)
		return -EINVAL;
	if (range->types & ~DEFINED)
		return -EOPNOTSUPP;
	if (range->addr % PAGE_SIZE)
		return -EINVAL;
	if (!range->len)
		return 0;
	if (pages > (ULONG_MAX - range->addr) / PAGE_SIZE)
		return -EINVAL;
	outcome->start = range->addr;
	outcome->end = range->addr + pages * PAGE_SIZE;
	outcome->types = range->types;
	if (range->types & MSEAL_T_REPORT)
		outcome->types = (range->types & ~MSEAL_T_REPORT) << 32;
	outcome->seals = true;
	return judge_pages(outcome->start, outcome->end);
}

static void model_seal(struct outcome *outcome, unsigned long arg)
{
	struct mseal_range range;

	outcome->ret = take(outcome, arg, &range, sizeof(range), 40);
	if (!outcome->ret)
		outcome->ret = judge_seal(outcome, &range);
}

static long model_hooks(struct outcome *outcome, struct mseal_info *info)
{
	u32 room = info->hooks ? info->nr_hooks : 0, i, n = 0;

	for (i = 0; i < MSEAL_NR_GUARDS; i++) {
		unsigned long at = info->hooks + n * sizeof(struct mseal_hook);
		struct mseal_hook hook = { "a_function", "a guard", i };

		if (hook_missing(i))
			continue;
		if (n++ >= room)
			continue;
		if (!user_there(at, sizeof(hook)))
			return -EFAULT;
		memcpy(image(outcome, at), &hook, sizeof(hook));
	}
	info->nr_hooks = n;
	return 0;
}

static long model_counts(struct outcome *outcome, struct mseal_info *info)
{
	u32 room = info->counts ? info->nr_counts : 0, i;

	for (i = 0; i < NR_OPS && i < room; i++) {
		unsigned long at = info->counts + i * sizeof(struct mseal_count);
		struct mseal_count count = world_count(i);

		if (!user_there(at, sizeof(count)))
			return -EFAULT;
		memcpy(image(outcome, at), &count, sizeof(count));
	}
	info->nr_counts = NR_OPS;
	return 0;
}

static void model_info(struct outcome *outcome, unsigned long arg)
{
	struct mseal_info info;
	u32 size;

	outcome->ret = take(outcome, arg, &info, sizeof(info), 88);
	if (!outcome->ret && info.reserved)
		outcome->ret = -EINVAL;
	if (outcome->ret)
		return;
	size = size_at(outcome, arg);
	outcome->ret = model_hooks(outcome, &info);
	if (!outcome->ret)
		outcome->ret = model_counts(outcome, &info);
	if (outcome->ret)
		return;
	info.abi = MSEAL_ABI_VERSION;
	info.types = MSEAL_TYPES_OFFERED;
	info.state = MSEAL_STATE_UNCHECKED | (world.live ? MSEAL_STATE_LIVE : 0) |
		     (world.new_seals ? MSEAL_STATE_NEW_SEALS : 0) |
		     (world.serves ? MSEAL_STATE_SERVES : 0);
	info.spaces = 5;
	info.ranges = 6;
	info.seals = mseal_seals();
	info.refusals = 77;
	info.reports = 88;
	info.max_ranges = MAX_RANGES;
	memset(info.version, 0, sizeof(info.version));
	memcpy(info.version, "1.2.3", 5);
	memcpy(image(outcome, arg), &info, size < sizeof(info) ? size : sizeof(info));
}

static long model_records(struct outcome *outcome, struct mseal_query *query)
{
	u32 i;

	if (query->nr > NR_RECORDS)
		query->nr = NR_RECORDS;
	for (i = 0; i < query->nr; i++) {
		unsigned long at = query->records + i * sizeof(struct mseal_record);
		struct mseal_record record = { .start = query->addr, .end = i };

		if (!user_there(at, sizeof(record)))
			return -EFAULT;
		memcpy(image(outcome, at), &record, sizeof(record));
	}
	return 0;
}

static void model_query(struct outcome *outcome, unsigned long arg)
{
	struct mseal_query query;

	outcome->ret = take(outcome, arg, &query, sizeof(query), 32);
	if (outcome->ret)
		return;
	if (query.reserved)
		outcome->ret = -EINVAL;
	else if (query.pidfd != MSEAL_QUERY_SELF)
		outcome->ret = -EBADF;
	else if (world.query_err)
		outcome->ret = world.query_err;
	else
		outcome->ret = model_records(outcome, &query);
	if (!outcome->ret)
		memcpy(image(outcome, arg + offsetof(struct mseal_query, nr)),
		       &query.nr, sizeof(query.nr));
}

void model_call(struct outcome *outcome, unsigned int cmd, unsigned long arg)
{
	memcpy(outcome->user, world.user, USER_BYTES);
	outcome->seals = false;
	switch (cmd) {
	case MSEAL_IOC_SEAL:
		model_seal(outcome, arg);
		break;
	case MSEAL_IOC_INFO:
		model_info(outcome, arg);
		break;
	case MSEAL_IOC_QUERY:
		model_query(outcome, arg);
		break;
	default:
		outcome->ret = -ENOTTY;
	}
	outcome->seals = outcome->seals && !outcome->ret;
}
