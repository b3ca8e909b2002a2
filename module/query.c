// SPDX-License-Identifier: GPL-2.0
/* What is sealed: the answer to MSEAL_IOC_QUERY. */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include "mm.h"
#include "process.h"
#include "query.h"
#include "sealset.h"

/* As many at a time: user memory can't be written under mmap_lock. */
#define BATCH	32

/* Returns how many there were, at most as many as there is room for. */
static int list_locked(struct mm_struct *mm, unsigned long addr,
		       struct mseal_record *records, u32 room)
{
	struct seal_range range;
	u32 nr = 0;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	while (nr < room && mseal_mm_next(mm, addr, &range)) {
		addr = range.last + 1;
		records[nr++] = (struct mseal_record) {
			.start = range.start,
			.end = addr,
			.types = MSEAL_ENFORCED(range.types),
			.reported = MSEAL_REPORTED(range.types),
		};
	}
	mmap_read_unlock(mm);
	return nr;
}

/* By exit or exec an address space ends between one batch and the next. */
static int list(struct mm_struct *mm, unsigned long addr,
		struct mseal_record *records, u32 room)
{
	int ret;

	if (!mmget_not_zero(mm))
		return -ESRCH;
	ret = list_locked(mm, addr, records, room);
	mmput(mm);
	return ret;
}

static int list_all(struct mm_struct *mm, unsigned long at,
		    struct mseal_record __user *records, u32 *nr)
{
	struct mseal_record batch[BATCH];
	u32 done = 0;
	int got;

	do {
		got = list(mm, at, batch, min_t(u32, *nr - done, BATCH));
		if (got <= 0)
			break;
		if (copy_to_user(records + done, batch, got * sizeof(*batch)))
			return -EFAULT;
		at = batch[got - 1].end;
		done += got;
	} while (done < *nr);
	if (got < 0)
		return got;
	*nr = done;
	return 0;
}

int mseal_query(int pidfd, u64 addr, struct mseal_record __user *records,
		u32 *nr)
{
	struct mm_struct *mm = mseal_process_mm(pidfd);
	int err;

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = list_all(mm, untagged_addr(addr), records, nr);
	mmdrop(mm);
	return err;
}
