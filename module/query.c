// SPDX-License-Identifier: GPL-2.0
/* What is sealed: the answer to MSEAL_IOC_QUERY. */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "mm.h"
#include "query.h"
#include "sealset.h"

/* As many at a time: user memory can't be written under mmap_lock. */
#define BATCH	32

/* Returns how many there were, at most as many as there is room for. */
static int list(struct mm_struct *mm, unsigned long addr,
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

int mseal_query(u64 addr, struct mseal_record __user *records, u32 *nr)
{
	struct mseal_record batch[BATCH];
	unsigned long at = untagged_addr(addr);
	u32 done = 0;
	int got;

	do {
		got = list(current->mm, at, batch, min_t(u32, *nr - done, BATCH));
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
