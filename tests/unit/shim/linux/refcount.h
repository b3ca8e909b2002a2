/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_REFCOUNT_H
#define _SHIM_REFCOUNT_H

#include <stdbool.h>

/* The kernel warns of a count that is raised from or dropped below zero. */
typedef struct {
	unsigned int refs;
} refcount_t;

void shim_refcount_misused(void) __attribute__((noreturn));

static inline void refcount_set(refcount_t *r, unsigned int n)
{
	__atomic_store_n(&r->refs, n, __ATOMIC_RELAXED);
}

static inline void refcount_inc(refcount_t *r)
{
	if (!__atomic_fetch_add(&r->refs, 1, __ATOMIC_RELAXED))
		shim_refcount_misused();
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	unsigned int old = __atomic_fetch_sub(&r->refs, 1, __ATOMIC_RELEASE);

	if (!old)
		shim_refcount_misused();
	if (old == 1)
		__atomic_load_n(&r->refs, __ATOMIC_ACQUIRE);
	return old == 1;
}

/* What smp_acquire__after_ctrl_dep() is about; see there. */
extern _Thread_local const refcount_t *shim_last_read;

static inline unsigned int refcount_read(const refcount_t *r)
{
	shim_last_read = r;
	return __atomic_load_n(&r->refs, __ATOMIC_RELAXED);
}

/*
 * The kernel's is a fence, and ThreadSanitizer knows no fences.  It upgrades the
 * read that the branch depends on, so reading that again, as an acquire, is as
 * strong and no stronger.
 */
static inline void smp_acquire__after_ctrl_dep(void)
{
	__atomic_load_n(&shim_last_read->refs, __ATOMIC_ACQUIRE);
}

#endif /* _SHIM_REFCOUNT_H */
