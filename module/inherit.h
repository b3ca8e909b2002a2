/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_INHERIT_H
#define _MSEAL_INHERIT_H

struct mm_struct;
struct sealset;

/**
 * mseal_inherit() - what a child gets of its parent's seals
 * @oldmm: the parent's address space; the caller holds its mmap_lock for writing
 * @set: the parent's set
 *
 * The child's set lacks what the child doesn't get: every sealed range is a
 * mapped one.  Only such a parent pays for a copy, others share theirs.
 *
 * If the caller is being killed it doesn't matter what the child gets, which will
 * never run: such a fork fails before it has copied a mapping.
 *
 * Return: the child's set, with a reference of its own.
 */
struct sealset *mseal_inherit(struct mm_struct *oldmm, struct sealset *set);

#endif /* _MSEAL_INHERIT_H */
