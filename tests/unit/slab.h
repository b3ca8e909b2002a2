/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_SLAB_H
#define _UNIT_SLAB_H

#include <limits.h>
#include <stdbool.h>

/* The kernel's object caches, played by malloc() and told when to fail. */

#define SLAB_ALWAYS	UINT_MAX

/**
 * slab_fail() - have allocations fail, of those counted from this call on
 * @first: the first that fails, 1 is the next; 0 for none
 * @count: how many fail in a row
 *
 * Also sets slab_asked() and slab_failed() back.
 */
void slab_fail(unsigned int first, unsigned int count);

unsigned int slab_asked(void);		/* allocations since slab_fail() */
bool slab_failed(void);			/* has one of them failed? */
unsigned long slab_objects(void);	/* allocated and not freed */
unsigned int slab_caches(void);		/* created and not destroyed */

#endif /* _UNIT_SLAB_H */
