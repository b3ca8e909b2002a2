/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_MM_H
#define _MSEAL_MM_H

#include <linux/hash.h>
#include <linux/jump_label.h>
#include <linux/list.h>
#include <linux/types.h>

#include "sealset.h"

struct mm_struct;
struct mseal_space;

/*
 * True while any address space has seals, and up to two seconds longer.  Turned on
 * before the first seal is set, so whoever holds an mmap_lock and sees it off
 * may conclude that this address space has none.
 */
DECLARE_STATIC_KEY_FALSE(mseal_spaces_key);

/* A kernel that looks for faults finds more where look-ups meet on their way. */
#ifdef CONFIG_KASAN
#define MSEAL_SPACES_BITS	1
#else
#define MSEAL_SPACES_BITS	10
#endif
extern struct hlist_head mseal_spaces[1 << MSEAL_SPACES_BITS];

#define mseal_bucket(mm)						\
	(&mseal_spaces[hash_long((unsigned long)(mm), MSEAL_SPACES_BITS)])

/* May any address space have seals?  Costs nothing where none has. */
static __always_inline bool mseal_any_sealed(void)
{
	return static_branch_unlikely(&mseal_spaces_key);
}

/**
 * mseal_maybe_sealed() - may this address space have seals?
 * @mm: address space that has users
 *
 * "No" is as good as that of mseal_mm_sealed(), and cheap.
 */
static __always_inline bool mseal_maybe_sealed(struct mm_struct *mm)
{
	return !hlist_empty(mseal_bucket(mm));
}

/**
 * mseal_mm_look() - types that seal a byte of the range
 * @mm: address space; the caller holds its mmap_lock
 * @start: first byte
 * @end: first byte behind the range
 * @enough: MSEAL_T_* bits; where one of them is in force others may be left out
 *
 * For mseal_answer_of().  Safe in an ftrace handler.
 */
u64 mseal_mm_look(struct mm_struct *mm, unsigned long start, unsigned long end,
		  u64 enough);

/**
 * mseal_mm_ask() - what becomes of an operation that these types forbid?
 * @mm: address space; the caller holds its mmap_lock
 * @start: first byte
 * @end: first byte behind the range
 * @types: MSEAL_T_* bits
 *
 * Safe in an ftrace handler.
 */
static inline enum mseal_answer mseal_mm_ask(struct mm_struct *mm,
					     unsigned long start,
					     unsigned long end, u64 types)
{
	return mseal_answer_of(mseal_mm_look(mm, start, end, types), types);
}

/* All of them, but for a test's; under the same lock. */
u64 mseal_mm_types(struct mm_struct *mm, unsigned long start, unsigned long end);

/**
 * mseal_mm_next() - the first sealed range at or behind an address
 * @mm: address space; the caller holds its mmap_lock
 * @start: the address; a range that began before it begins there
 * @range: filled in
 *
 * Return: false if there is none.
 */
bool mseal_mm_next(struct mm_struct *mm, unsigned long start,
		   struct seal_range *range);

/**
 * mseal_mm_sealed() - has the address space seals?
 * @mm: address space that has users
 *
 * Without the mmap_lock the answer "no" may be outdated at once, "yes" stays
 * true until exit_mmap().  Safe in an ftrace handler.
 */
bool mseal_mm_sealed(struct mm_struct *mm);

/**
 * mseal_space_prepare() - what sealing an address space takes
 * @mm: the caller's address space
 *
 * May sleep on locks that must not be taken under mmap_lock.
 *
 * Return: its entry, one that may become it if it has none, or -ENOMEM.  To be
 * given back to mseal_space_release().
 */
struct mseal_space *mseal_space_prepare(struct mm_struct *mm);
void mseal_space_release(struct mseal_space *prepared);

/**
 * mseal_space_settle() - the entry of an address space, now that it can't change
 * @prepared: from mseal_space_prepare(); the caller holds the mmap_lock for writing
 *
 * Return: another one if another thread was first.
 */
struct mseal_space *mseal_space_settle(struct mseal_space *prepared);

/* Has every byte of the range all these types?  Under the same lock, as what follows. */
bool mseal_space_has(const struct mseal_space *space, unsigned long start,
		     unsigned long end, u64 types);

/* Types that seal any byte of it. */
u64 mseal_space_types(const struct mseal_space *space, unsigned long start,
		      unsigned long end);

/**
 * mseal_space_lacks() - does a byte sealed with a certain type lack another one?
 * @space: from mseal_space_settle()
 * @start: first byte
 * @end: first byte behind the range
 * @having: MSEAL_T_* bits; only what has one of them is looked at
 * @types: MSEAL_T_* bits that it is to have, all of them
 */
bool mseal_space_lacks(const struct mseal_space *space, unsigned long start,
		       unsigned long end, u64 having, u64 types);

/**
 * mseal_space_add() - seal a range
 * @space: from mseal_space_settle()
 * @start: first byte, of a range without holes
 * @end: first byte behind the range
 * @types: MSEAL_T_* bits
 * @max: most ranges that the address space may have
 *
 * Return: 0, or -ENOMEM with nothing sealed.
 */
int mseal_space_add(struct mseal_space *space, unsigned long start,
		    unsigned long end, u64 types, unsigned int max);

/**
 * mseal_mm_trim() - take out the seals of a range that is about to be unmapped
 * @mm: address space, mseal_mm_sealed(); the caller holds its mmap_lock for
 *	writing
 * @start: first byte
 * @end: first byte behind the range
 * @max: most ranges that the address space may have
 * @taken: an empty chain; for mseal_mm_restore() if the unmap fails, else for
 *	   sealset_forget()
 *
 * Return: 0, or -ENOMEM with nothing changed.
 */
int mseal_mm_trim(struct mm_struct *mm, unsigned long start, unsigned long end,
		  unsigned int max, struct seal_chain *taken);

/* In the same hold of the lock.  Never fails. */
void mseal_mm_restore(struct mm_struct *mm, struct seal_chain *taken);

/**
 * mseal_mm_fork() - give a child its parent's seals
 * @oldmm: the parent's address space; the caller holds its mmap_lock for writing
 * @mm: the child's, which nobody else can see yet
 *
 * Must be called if mseal_mm_sealed(@oldmm).  Never fails, may sleep.
 */
void mseal_mm_fork(struct mm_struct *oldmm, struct mm_struct *mm);

/**
 * mseal_mm_unlink() - forget an address space that has no users any more
 * @mm: address space, mseal_mm_sealed()
 *
 * Return: what to give to mseal_space_bury(); until then this module stays.
 */
struct mseal_space *mseal_mm_unlink(struct mm_struct *mm);
void mseal_space_bury(struct mseal_space *space);

/**
 * mseal_mm_add_test() - seal a range for a test, hardly noticed by anybody
 * @mm: the caller's address space, its mmap_lock held for writing
 * @start: first byte
 * @end: first byte behind the range
 * @types: MSEAL_T_* bits
 * @spare: from mseal_space_prepare(), of an address space without seals
 *
 * mseal_mm_ask() knows the range, mseal_mm_sealed() doesn't: nobody inherits it,
 * is told of refusals, nor starts anything that relies on its staying.
 */
int mseal_mm_add_test(struct mm_struct *mm, unsigned long start,
		      unsigned long end, u64 types, struct mseal_space *spare);

/* Takes a test's space out again, under the same lock. */
void mseal_mm_drop_test(struct mseal_space *space);

unsigned long mseal_mm_count(void);
int mseal_mm_init(void);
void mseal_mm_cleanup(void);

#endif /* _MSEAL_MM_H */
