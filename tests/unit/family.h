/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_FAMILY_H
#define _UNIT_FAMILY_H

#include <limits.h>

#include "model.h"

/*
 * Address spaces that descend from each other, each with the set it owns or
 * shares and the model of what that set has to be.  Every call checks its own
 * outcome, then every set, count and object there is; a difference is broken().
 * What slab_fail() asked for holds for one call.
 */
#define FAMILY_MEMBERS	4
#define NO_LIMIT	UINT_MAX

struct member {
	struct sealset *set;	/* NULL: not alive */
	struct model model;
};

struct family {
	unsigned long base, unit;
	struct member members[FAMILY_MEMBERS];
};

/* One member with an empty set.  The objects of other families would confuse it. */
void family_init(struct family *family, unsigned long base, unsigned long unit);
void family_end(struct family *family);

int family_add(struct family *family, unsigned int who, struct cells at,
	       u64 types, unsigned int max);
bool family_hit(struct family *family, unsigned int who, struct cells at,
		u64 types);

/* The child, whatever it was before, shares its parent's set. */
void family_fork(struct family *family, unsigned int parent, unsigned int child);
void family_exit(struct family *family, unsigned int who);

/* The child gets a copy; it stays what it was if that fails. */
bool family_clone(struct family *family, unsigned int parent, unsigned int child,
		  gfp_t gfp);

/* Does a cell with one of the types in having lack one of the others? */
bool family_lacks(struct family *family, unsigned int who, struct cells at,
		  u64 having, u64 types);

/* Looks at every range from a cell on. */
void family_list(struct family *family, unsigned int who, unsigned int first);

/* An unmap: only if it works out are the seals gone. */
int family_unmap(struct family *family, unsigned int who, struct cells at,
		 unsigned int max, bool works);

/* As for a child that doesn't get some of its parent's mappings. */
void family_cut(struct family *family, unsigned int who, struct cells at);

void family_check(const struct family *family);

#endif /* _UNIT_FAMILY_H */
