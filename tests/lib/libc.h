/* SPDX-License-Identifier: GPL-2.0 */
/* How C libraries that have mseal() declare it: glibc 2.43, or one without __THROW. */
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef LIBC_MAY_THROW
#include <features.h>
int mseal(void *addr, size_t len, unsigned long flags) __THROW;
#else
int mseal(void *addr, size_t len, unsigned long flags);
#endif

#ifdef __cplusplus
}
#endif
