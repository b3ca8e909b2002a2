// SPDX-License-Identifier: GPL-2.0
/* Which address space has which set of seals. */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "inherit.h"
#include "mm.h"
#include "sealset.h"

/*
 * An address space with seals.  From its publication to exit_mmap() the entry
 * stays, and with it a reference to the module: whoever runs with that address
 * space may sleep in this module's text.
 */
struct mseal_space {
	struct hlist_node node;		/* spaces_lock; walked under RCU */
	struct mm_struct *mm;		/* fixed before publication */
	struct sealset *set;		/* mm's mmap_lock; NULL once it is dead */
	struct rcu_head rcu;		/* unlinked, waits for free_later() */
	bool test;			/* fixed before publication */
};

struct hlist_head mseal_spaces[1 << MSEAL_SPACES_BITS];
/* Taken in ftrace handlers, so raw.  Inside mmap_lock; nothing inside it. */
static DEFINE_RAW_SPINLOCK(spaces_lock);
static struct kmem_cache *space_cache;

/*
 * The key is on while nr_spaces isn't 0.  It goes off two seconds late, so that it
 * flips once a second at most: each flip patches the text of every CPU, and users
 * decide when they seal and exit.
 * key_mutex is outside every other lock here, and never taken under mmap_lock.
 */
DEFINE_STATIC_KEY_FALSE(mseal_spaces_key);
static DEFINE_MUTEX(key_mutex);
#define KEY_LINGERS	(2 * HZ)
static atomic_long_t nr_spaces;		/* raised from 0 under key_mutex only */
static void key_off(struct work_struct *work);
static DECLARE_DELAYED_WORK(key_off_work, key_off);

static void hold_key(void)
{
	if (atomic_long_inc_not_zero(&nr_spaces))
		return;
	mutex_lock(&key_mutex);
	/*
	 * A processor that waits in the kernel for a lock might run the old text still.
	 * To tell them all is as dear as to patch, and as rare.
	 */
	if (!static_key_enabled(&mseal_spaces_key)) {
		static_branch_enable(&mseal_spaces_key);
		kick_all_cpus_sync();
	}
	atomic_long_inc(&nr_spaces);
	mutex_unlock(&key_mutex);
}

static void drop_key(void)
{
	if (atomic_long_dec_and_test(&nr_spaces))
		mod_delayed_work(system_wq, &key_off_work, KEY_LINGERS);
}

static void key_off(struct work_struct *work)
{
	mutex_lock(&key_mutex);
	if (!atomic_long_read(&nr_spaces))
		static_branch_disable(&mseal_spaces_key);
	mutex_unlock(&key_mutex);
}

/* A kernel that looks for faults lets others die while a look-up is preempted. */
#ifdef CONFIG_KASAN
#define walk_begin	rcu_read_lock
#define walk_end	rcu_read_unlock
#else
#define walk_begin	rcu_read_lock_sched_notrace
#define walk_end	rcu_read_unlock_sched_notrace
#endif

/*
 * The entry found stays for as long as the address space has users, which
 * whoever asks for it sees to.  To have preemption off is the cheaper way to keep
 * the others on the way to it, and a hook may do it anywhere.
 */
static __always_inline struct mseal_space *find_any(struct mm_struct *mm,
						    bool test)
{
	struct mseal_space *space, *found = NULL;

	walk_begin();
	hlist_for_each_entry_rcu(space, mseal_bucket(mm), node) {
		if (space->mm == mm && (test || !space->test)) {
			found = space;
			break;
		}
	}
	walk_end();
	return found;
}

static struct mseal_space *find(struct mm_struct *mm)
{
	return find_any(mm, false);
}

/* Under mmap_lock for writing, or before anybody else can see the mm. */
static void publish(struct mseal_space *space)
{
	raw_spin_lock(&spaces_lock);
	hlist_add_head_rcu(&space->node, mseal_bucket(space->mm));
	raw_spin_unlock(&spaces_lock);
}

u64 mseal_mm_look(struct mm_struct *mm, unsigned long start, unsigned long end,
		  u64 enough)
{
	struct mseal_space *space;

	mmap_assert_locked(mm);
	if (start >= end)
		return 0;
	/* A test's entry goes under this lock, too. */
	space = find_any(mm, true);
	return space ? sealset_look(space->set, start, end - 1, enough) : 0;
}

u64 mseal_mm_types(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct mseal_space *space = find(mm);

	mmap_assert_locked(mm);
	if (!space || start >= end)
		return 0;
	return sealset_types(space->set, start, end - 1);
}

bool mseal_mm_next(struct mm_struct *mm, unsigned long start,
		   struct seal_range *range)
{
	struct mseal_space *space = find(mm);

	mmap_assert_locked(mm);
	return space && sealset_next(space->set, start, range);
}

bool mseal_mm_sealed(struct mm_struct *mm)
{
	return find(mm);
}

static void free_space(struct mseal_space *space)
{
	if (space->set)
		sealset_put(space->set);
	kmem_cache_free(space_cache, space);
	drop_key();
	module_put(THIS_MODULE);
}

static struct mseal_space *alloc_space(struct mm_struct *mm, gfp_t gfp)
{
	struct mseal_space *space = kmem_cache_alloc(space_cache, gfp);

	if (!space)
		return NULL;
	INIT_HLIST_NODE(&space->node);
	space->mm = mm;
	space->test = false;
	return space;
}

static bool published(const struct mseal_space *space)
{
	return !hlist_unhashed_lockless(&space->node);
}

struct mseal_space *mseal_space_prepare(struct mm_struct *mm)
{
	struct mseal_space *space = find(mm);

	if (space)
		return space;
	space = alloc_space(mm, GFP_KERNEL_ACCOUNT);
	if (!space)
		return ERR_PTR(-ENOMEM);
	space->set = sealset_create(GFP_KERNEL_ACCOUNT);
	if (!space->set)
		goto err_space;
	hold_key();
	__module_get(THIS_MODULE);
	return space;

err_space:
	kmem_cache_free(space_cache, space);
	return ERR_PTR(-ENOMEM);
}

void mseal_space_release(struct mseal_space *prepared)
{
	if (!published(prepared))
		free_space(prepared);
}

struct mseal_space *mseal_space_settle(struct mseal_space *prepared)
{
	mmap_assert_write_locked(prepared->mm);
	if (published(prepared))
		return prepared;
	return find(prepared->mm) ?: prepared;
}

bool mseal_space_has(const struct mseal_space *space, unsigned long start,
		     unsigned long end, u64 types)
{
	mmap_assert_locked(space->mm);
	return sealset_has(space->set, start, end - 1, types);
}

u64 mseal_space_types(const struct mseal_space *space, unsigned long start,
		      unsigned long end)
{
	mmap_assert_locked(space->mm);
	return sealset_types(space->set, start, end - 1);
}

bool mseal_space_lacks(const struct mseal_space *space, unsigned long start,
		       unsigned long end, u64 having, u64 types)
{
	mmap_assert_locked(space->mm);
	return sealset_lacks(space->set, start, end - 1, having, types);
}

int mseal_space_add(struct mseal_space *space, unsigned long start,
		    unsigned long end, u64 types, unsigned int max)
{
	int err;

	mmap_assert_write_locked(space->mm);
	err = sealset_add(&space->set, start, end - 1, types, max);
	if (!err && !published(space))
		publish(space);
	return err;
}

int mseal_mm_trim(struct mm_struct *mm, unsigned long start, unsigned long end,
		  unsigned int max, struct seal_chain *taken)
{
	struct mseal_space *space = find(mm);

	mmap_assert_write_locked(mm);
	return sealset_trim(&space->set, start, end - 1, max, taken);
}

void mseal_mm_restore(struct mm_struct *mm, struct seal_chain *taken)
{
	struct mseal_space *space = find(mm);

	mmap_assert_write_locked(mm);
	sealset_restore(space->set, taken);
}

void mseal_mm_fork(struct mm_struct *oldmm, struct mm_struct *mm)
{
	struct mseal_space *parent = find(oldmm), *child;

	mmap_assert_write_locked(oldmm);
	child = alloc_space(mm, GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	child->set = mseal_inherit(oldmm, parent->set);
	/* The parent is counted, so the key is on and stays on. */
	atomic_long_inc(&nr_spaces);
	__module_get(THIS_MODULE);
	publish(child);
}

static void free_later(struct rcu_head *rcu)
{
	free_space(container_of(rcu, struct mseal_space, rcu));
}

static void unlink_space(struct mseal_space *space)
{
	raw_spin_lock(&spaces_lock);
	hlist_del_init_rcu(&space->node);
	raw_spin_unlock(&spaces_lock);
}

struct mseal_space *mseal_mm_unlink(struct mm_struct *mm)
{
	struct mseal_space *space = find(mm);

	unlink_space(space);
	return space;
}

/* Others may be walking over a dead entry in search of their own. */
void mseal_space_bury(struct mseal_space *space)
{
	sealset_put(space->set);
	space->set = NULL;
	call_rcu(&space->rcu, free_later);
}

int mseal_mm_add_test(struct mm_struct *mm, unsigned long start,
		      unsigned long end, u64 types, struct mseal_space *spare)
{
	int err;

	mmap_assert_write_locked(mm);
	spare->test = true;
	err = sealset_add(&spare->set, start, end - 1, types, 1);
	if (!err)
		publish(spare);
	return err;
}

void mseal_mm_drop_test(struct mseal_space *space)
{
	mmap_assert_write_locked(space->mm);
	unlink_space(space);
}

unsigned long mseal_mm_count(void)
{
	return atomic_long_read(&nr_spaces);
}

int mseal_mm_init(void)
{
	space_cache = kmem_cache_create("mseal_space",
					sizeof(struct mseal_space), 0,
					SLAB_ACCOUNT, NULL);
	return space_cache ? 0 : -ENOMEM;
}

/* No hook is left, so nothing dies any more. */
void mseal_mm_cleanup(void)
{
	rcu_barrier();
	cancel_delayed_work_sync(&key_off_work);
	kmem_cache_destroy(space_cache);
}
