/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_SERVE_H
#define _MSEAL_SERVE_H

#include <linux/types.h>

#include "compat/compat.h"

/* The parameter: is number 462 to be served?  Set before the hooks are placed. */
extern bool mseal_serve_syscall;

/**
 * mseal_serve_begin() - serve from now on, if the parameter says so
 *
 * To be called when nothing can make the load fail any more: the module stays
 * until the next boot.
 */
void mseal_serve_begin(void);

/* Is number 462 served?  If so this text is never to be freed. */
bool mseal_serves(void);

#ifdef MSEAL_SERVED_BY_FILTER
struct seccomp_data;

/* Stands in for the filter; asks it, and serves what it lets pass. */
int mseal_wrap_filter(const struct seccomp_data *data);
void mseal_bind_filter(unsigned long addr);
#else
/* Stands in for what answers unknown numbers. */
long mseal_serve_unknown(void);
#endif

#endif /* _MSEAL_SERVE_H */
