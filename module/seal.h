/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_SEAL_H
#define _MSEAL_SEAL_H

#include <linux/types.h>

/* Seal types that this module offers, in any set. */
#define MSEAL_TYPES_OFFERED						\
	(MSEAL_T_FREEZE | MSEAL_T_PROTECT | MSEAL_T_UPGRADE |		\
	 MSEAL_T_UNMAP | MSEAL_T_OVER | MSEAL_T_REMAP |			\
	 MSEAL_T_DISCARD | MSEAL_T_DISCARD_ALL | MSEAL_T_KILL |		\
	 MSEAL_T_REPORT)

/**
 * mseal_seal() - seal a range of the caller's address space
 * @addr: first byte, page aligned
 * @len: bytes, rounded up to pages
 * @types: MSEAL_T_* bits
 * @flags: zero
 *
 * Return: 0 or a negative errno, as MSEAL_IOC_SEAL; see the uapi header.
 */
int mseal_seal(u64 addr, u64 len, u64 types, u64 flags);

/**
 * mseal_selftest() - refuse an unmap, a map-over, a discard of the caller for real
 *
 * Leaves the caller without any seal, so it is for the time of loading only.
 *
 * Return: 0, or a negative errno after one line in the log that says why.
 */
int mseal_selftest(void);

extern bool mseal_new_seals;
/* As many as a process may have mappings by default. */
#define MSEAL_USUAL_RANGES	65530U
extern unsigned int mseal_max_ranges;
unsigned long mseal_seals(void);

#endif /* _MSEAL_SEAL_H */
