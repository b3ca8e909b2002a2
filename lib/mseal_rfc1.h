/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names and numbers of the first proposal of mseal() for Linux, of October 2023,
 * for programs that were written for it:
 *
 *	mseal_types(addr, len, MSEAL_RFC1_TYPES(types), 0)
 *
 * There each was about the call of that name.  Here they are about the effect, as
 * everything of libmseal, so more is refused; and with EPERM instead of EACCES.
 */
#ifndef MSEAL_RFC1_H
#define MSEAL_RFC1_H

#include "mseal.h"

#define MM_SEAL_MSEAL		0x1
#define MM_SEAL_MPROTECT	0x2
#define MM_SEAL_MUNMAP		0x4
#define MM_SEAL_MMAP		0x8
#define MM_SEAL_MREMAP		0x10

/* Evaluates its argument several times.  What it doesn't know comes out invalid. */
#define MSEAL_RFC1_TYPES(types)						\
	(((types) & MM_SEAL_MSEAL ? MSEAL_T_FREEZE : 0) |		\
	 ((types) & MM_SEAL_MPROTECT ? MSEAL_T_PROTECT : 0) |		\
	 ((types) & MM_SEAL_MUNMAP ? MSEAL_T_UNMAP : 0) |		\
	 ((types) & MM_SEAL_MMAP ? MSEAL_T_OVER : 0) |			\
	 ((types) & MM_SEAL_MREMAP ? MSEAL_T_REMAP : 0) |		\
	 ((types) & ~0x1fULL ? 1ULL << 63 : 0))

#endif /* MSEAL_RFC1_H */
