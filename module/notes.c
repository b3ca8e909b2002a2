// SPDX-License-Identifier: GPL-2.0
/*
 * Notes of madvise() calls under way, found by the task that made them.  Tasks
 * may be parked in such a call for ever, so the table is not one for each address
 * space: a search passes only what happens to share its bucket.
 */
#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "notes.h"

#define NOTES_BITS	10

static struct bucket {
	raw_spinlock_t lock;		/* taken in ftrace handlers; innermost */
	struct hlist_head notes;	/* lock */
} ____cacheline_aligned buckets[1 << NOTES_BITS] = {
	[0 ... (1 << NOTES_BITS) - 1] = {
		.lock = __RAW_SPIN_LOCK_UNLOCKED(buckets.lock),
	},
};

static struct bucket *bucket_of(struct task_struct *task)
{
	return &buckets[hash_ptr(task, NOTES_BITS)];
}

void mseal_note_begin(struct mseal_note *note)
{
	struct bucket *bucket = bucket_of(note->task);

	raw_spin_lock(&bucket->lock);
	hlist_add_head(&note->node, &bucket->notes);
	raw_spin_unlock(&bucket->lock);
}

void mseal_note_end(struct mseal_note *note)
{
	struct bucket *bucket = bucket_of(note->task);

	raw_spin_lock(&bucket->lock);
	hlist_del(&note->node);
	raw_spin_unlock(&bucket->lock);
}

struct mseal_note *mseal_note_find(struct mm_struct *mm)
{
	struct bucket *bucket = bucket_of(current);
	struct mseal_note *note, *found = NULL;

	if (hlist_empty(&bucket->notes))
		return NULL;
	raw_spin_lock(&bucket->lock);
	hlist_for_each_entry(note, &bucket->notes, node) {
		if (note->task == current && note->mm == mm) {
			found = note;
			break;
		}
	}
	raw_spin_unlock(&bucket->lock);
	return found;
}
