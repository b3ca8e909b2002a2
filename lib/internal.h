/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the library's parts show each other:
 *
 *   mseal.c    the public calls: errno in, errno out
 *   mimmutable.c  OpenBSD's name for it
 *   backend.c  system call or device
 *   query.c    what is sealed, asked of either
 *   smaps.c    what is sealed, as the kernel lists mappings
 *   device.c   find the device, ask it
 *   filter.c   make sure that the system call isn't answered by a kill
 *   slot.c     remember a descriptor, notice when it is gone
 *   errno.c    which errors may leave the library
 *   sys.c      the kernel
 *
 * Between them errors travel as negative errno values, as the kernel gave them.
 */
#ifndef MSEAL_INTERNAL_H
#define MSEAL_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys.h"

#define API __attribute__((visibility("default")))

/* backend.c */

bool mseal_release_has_call(const char *release);
/* By the system call, -ENOSYS where it can't be made; by the device; by either. */
int mseal_backend_call(void *addr, size_t len, unsigned long flags);
int mseal_backend_device(void *addr, size_t len, unsigned long flags);
int mseal_backend_seal(void *addr, size_t len, unsigned long flags);
int mseal_backend_types(void *addr, size_t len, uint64_t types,
			unsigned int flags);

/* Does the system call serve? */
bool mseal_backend_native(void);

/* Returns MSEAL_BACKEND_*; *cause is 0 or the negative errno that led to NONE. */
int mseal_backend_find(int *cause);

/* filter.c */

/*
 * May the system call be made, on a kernel that has it?  The answer is kept for
 * good, but for a no that came from having no child to try.
 */
bool mseal_filter_passes(void);

/* query.c */

struct mseal_record;
struct mseal_seal;

/* What has been found so far, and how much there may be. */
struct mseal_list {
	struct mseal_seal *seals;
	size_t nr, room;
};

/* Returns 1; 0 if there is no room; or -EOVERFLOW if it isn't to be expressed. */
int mseal_list_add(struct mseal_list *list, const struct mseal_record *record);
int mseal_backend_query(int pidfd, uintptr_t addr, struct mseal_list *list);

/* smaps.c */

int mseal_smaps_query(int pidfd, uintptr_t addr, struct mseal_list *list);

/* device.c */

/* Returns a new descriptor of the verified device. */
int mseal_device_open(void);

/* Prefers fd from now on, if it is the device; -1 ends that. */
int mseal_device_give(int fd);

/* Sends one MSEAL_IOC_* call to the device, opening it if need be. */
int mseal_device_call(unsigned long request, void *arg);

/* slot.c */

/*
 * One remembered descriptor.  Lock-free, so that a signal handler or the child
 * of a fork() in another thread never finds it half changed and stuck.
 *
 * word: descriptor + 1, or 0 if there is none, in the low half; in the high
 *	half a count of changes, so that a number that was closed and came back
 *	isn't taken for the old one.
 * dev, ino, rdev: what fstat() told of the descriptor when it was verified.
 *	They change before word does and not together.  That is safe: a mixture
 *	matches no descriptor or one whose every field is that of a verified
 *	device; the worst it costs is opening the device again.
 *
 * Aligned for 32-bit x86, where only newer compilers align such fields.
 */
struct mseal_slot {
	_Alignas(8) _Atomic uint64_t word;
	_Alignas(8) _Atomic uint64_t dev;
	_Alignas(8) _Atomic uint64_t ino;
	_Alignas(8) _Atomic uint64_t rdev;
};

/*
 * Returns the descriptor if it still is what was remembered, else -1.  *seen
 * says which state of the slot that was.
 */
int mseal_slot_get(struct mseal_slot *slot, uint64_t *seen);

/* Remembers fd, or nothing if it is -1, unless the slot changed since *seen. */
bool mseal_slot_put(struct mseal_slot *slot, uint64_t seen, int fd,
		    const struct mseal_identity *id);

/* errno.c */

/* Is this what a filter, a security module or a kernel without the call says? */
bool mseal_errno_refused(int err);

/* From a negative errno to the positive one that callers see. */
int mseal_errno_call(int err);
int mseal_errno_types(int err);
int mseal_errno_query(int err);
int mseal_errno_device(int err);

#endif /* MSEAL_INTERNAL_H */
