/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The number of mseal(), for assembly as well. */
#ifndef MSEAL_NUMBER_H
#define MSEAL_NUMBER_H

#include <sys/syscall.h>

/* Headers older than the call lack its number; most architectures share one. */
#if defined(__NR_mseal)
#define NR_MSEAL __NR_mseal
#elif defined(__x86_64__) && defined(__ILP32__)
#define NR_MSEAL (0x40000000 + 462)
#elif defined(__alpha__) || defined(__ia64__) || defined(__mips__)
#error "This architecture numbers mseal() differently: kernel headers of 6.10 or later are needed"
#else
#define NR_MSEAL 462
#endif

#endif /* MSEAL_NUMBER_H */
