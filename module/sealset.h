/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_SEALSET_H
#define _MSEAL_SEALSET_H

#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/types.h>

/*
 * A set of sealed ranges: disjoint, each with the types that seal it, touching
 * ranges of equal types merged.  Ranges are closed, [start, last], in bytes;
 * last stays below ULONG_MAX, as every user address does.
 *
 * Address spaces that descend from each other by fork() share one set until one
 * of them changes it.  Locking, by the mmap_lock of an address space that owns a
 * reference, "owner's lock" below:
 *
 * - Look-ups need the owner's lock, for reading or for writing.
 * - A change needs the owner's lock for writing, and that the owner be alone: a
 *   shared set never changes, so that the other owners, who hold other locks,
 *   may look into it meanwhile.
 * - The count is raised under the owner's lock for writing only.  So a set that
 *   is seen unshared under that lock stays so.
 */
struct sealset {
	refcount_t refs;
	unsigned int nr;		/* ranges; the owner's lock */
	struct rb_root ranges;		/* struct seal; the owner's lock */
};

/*
 * Ranges in ascending order that are in no set, and nobody else's business:
 * before they come into one, or after they were taken out.
 */
struct seal_chain {
	struct seal *head, *tail;
	unsigned int nr;
};

/*
 * The types of a range have in their upper half those that are only reported.
 * The ABI gives out numbers below MSEAL_REPORT_SHIFT.
 */
#define MSEAL_REPORT_SHIFT	32
#define MSEAL_ENFORCED(types)	((types) & ((1ULL << MSEAL_REPORT_SHIFT) - 1))
#define MSEAL_REPORTED(types)	((types) >> MSEAL_REPORT_SHIFT)

/* A sealed range, to be looked at. */
struct seal_range {
	unsigned long start;
	unsigned long last;
	u64 types;
};

/* What seals say to an operation; the greater answer counts. */
enum mseal_answer {
	MSEAL_PASSES,
	MSEAL_REPORTS,		/* passes, but not unnoticed */
	MSEAL_REFUSES,
};

/* What the types found in a range say to an operation that these types forbid. */
static inline enum mseal_answer mseal_answer_of(u64 found, u64 types)
{
	if (MSEAL_ENFORCED(found) & types)
		return MSEAL_REFUSES;
	return MSEAL_REPORTED(found) & types ? MSEAL_REPORTS : MSEAL_PASSES;
}

struct sealset *sealset_create(gfp_t gfp);
struct sealset *sealset_get(struct sealset *set);
void sealset_put(struct sealset *set);

/**
 * sealset_hit() - does any of these types seal a byte of the range?
 * @set: the set, under the owner's lock
 * @start: first byte
 * @last: last byte
 * @types: MSEAL_T_* bits
 */
bool sealset_hit(const struct sealset *set, unsigned long start,
		 unsigned long last, u64 types);

/**
 * sealset_look() - types that seal any byte of the range
 * @set: the set, under the owner's lock
 * @start: first byte
 * @last: last byte
 * @enough: MSEAL_T_* bits; where one of them is in force nobody needs to know more
 */
u64 sealset_look(const struct sealset *set, unsigned long start,
		 unsigned long last, u64 enough);

/* All of them; the owner's lock. */
static inline u64 sealset_types(const struct sealset *set, unsigned long start,
				unsigned long last)
{
	return sealset_look(set, start, last, 0);
}

/* What do they say to an operation that these types forbid?  The owner's lock. */
static inline enum mseal_answer sealset_ask(const struct sealset *set,
					    unsigned long start,
					    unsigned long last, u64 types)
{
	return mseal_answer_of(sealset_look(set, start, last, types), types);
}

/**
 * sealset_lacks() - does a range with a certain type lack another one?
 * @set: the set, under the owner's lock
 * @start: first byte
 * @last: last byte
 * @having: MSEAL_T_* bits; only what has one of them is looked at
 * @types: MSEAL_T_* bits that it is to have, all of them
 *
 * If @having is on trial it is enough to have a type on trial, too.
 */
bool sealset_lacks(const struct sealset *set, unsigned long start,
		   unsigned long last, u64 having, u64 types);

/**
 * sealset_has() - has every byte of a range all these types?
 * @set: the set, under the owner's lock
 * @start: first byte
 * @last: last byte
 * @types: MSEAL_T_* bits
 */
bool sealset_has(const struct sealset *set, unsigned long start,
		 unsigned long last, u64 types);

/**
 * sealset_next() - the first sealed range at or behind an address
 * @set: the set, under the owner's lock
 * @start: the address; a range that began before it begins there
 * @range: filled in
 *
 * Return: false if there is none.
 */
bool sealset_next(const struct sealset *set, unsigned long start,
		  struct seal_range *range);

/**
 * sealset_add() - seal a range
 * @setp: the owner's set, under its lock for writing; replaced by a copy if it
 *	  is shared and has to change
 * @start: first byte
 * @last: last byte
 * @types: MSEAL_T_* bits to add to every byte of the range
 * @max: most ranges that the set may have afterwards
 *
 * Return: 0, or -ENOMEM with nothing changed.
 */
int sealset_add(struct sealset **setp, unsigned long start, unsigned long last,
		u64 types, unsigned int max);

/**
 * sealset_clone() - a copy that nobody shares
 * @set: the set to copy, under the owner's lock
 * @gfp: how to allocate
 *
 * Return: the copy; NULL if there is no memory, or if the caller is being killed.
 */
struct sealset *sealset_clone(const struct sealset *set, gfp_t gfp);

/**
 * sealset_cut() - forget every seal of a range
 * @set: an unshared set
 * @start: first byte
 * @last: last byte
 *
 * Never fails, may sleep.  For sets that nobody can see yet.
 */
void sealset_cut(struct sealset *set, unsigned long start, unsigned long last);

/**
 * sealset_trim() - take a range's seals out, to put them back if need be
 * @setp: the owner's set, under its lock for writing; replaced by a copy if it
 *	  is shared and has to change
 * @start: first byte
 * @last: last byte
 * @max: most ranges that the set may have afterwards
 * @taken: an empty chain; to be given to sealset_restore() or sealset_forget()
 *
 * Return: 0, or -ENOMEM with nothing changed.
 */
int sealset_trim(struct sealset **setp, unsigned long start, unsigned long last,
		 unsigned int max, struct seal_chain *taken);

/**
 * sealset_restore() - put back what sealset_trim() has taken
 * @set: the set, under the owner's lock for writing, held since then
 * @taken: from sealset_trim()
 *
 * Never fails.
 */
void sealset_restore(struct sealset *set, struct seal_chain *taken);

/* The alternative; needs no lock. */
void sealset_forget(struct seal_chain *taken);

unsigned long sealset_total(void);
int sealset_init(void);
void sealset_exit(void);

#endif /* _MSEAL_SEALSET_H */
