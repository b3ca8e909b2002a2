/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmseal: memory sealing on kernels with and without mseal(2).
 *
 * Every function here is thread-safe and async-signal-safe, is no cancellation
 * point, allocates nothing, and leaves errno alone when it succeeds.
 */
#ifndef MSEAL_H
#define MSEAL_H

#include <stddef.h>
#include <stdint.h>

/*
 * A C library may declare mseal() too, before or after this header, and C++
 * wants both declarations to agree about exceptions.  <stdint.h> has brought in
 * the C library's own way to say so, if it has one.
 */
#ifdef __THROW
#define MSEAL_THROW __THROW
#else
#define MSEAL_THROW
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * mseal - seal every page of [addr, addr + len)
 * @addr: first byte, page aligned
 * @len: length in bytes, rounded up to whole pages; 0 seals nothing
 * @flags: 0
 *
 * From then on the kernel refuses, with EPERM, to unmap or replace these pages,
 * to move or resize them, to change their protection, and to discard the
 * content of anonymous ones that may not be written.  A seal can't be lifted;
 * it ends with the address space.
 *
 * Returns 0, or -1 and sets errno; then nothing else than this:
 *   EINVAL  flags is not 0, addr is not page aligned, addr + len overflows, or
 *           the range cuts through a huge page (from the kernel or the device)
 *   ENOMEM  a page of the range is not mapped, or memory or a limit on mappings
 *           or sealed ranges is exhausted (from the kernel or the device)
 *   EPERM   a part of the range was sealed with MSEAL_T_FREEZE before, and may
 *           get no more types (from the device)
 *   EINTR   a fatal signal arrived (from the kernel or the device)
 *   ENOSYS  nothing is sealed and nothing can be now: the kernel has no mseal()
 *           and /dev/mseal is absent, forbidden or out of order, a filter is in
 *           the way, or no descriptor was free (from this library; the cause is
 *           told by mseal_backend())
 *
 * Only success is remembered: after ENOSYS the next call tries everything anew.
 * But what a filter does to the kernel's own call is found out once, by the first
 * call of the process, and with a filter it takes a child: see mseal(3).
 */
int mseal(void *addr, size_t len, unsigned long flags) MSEAL_THROW;

/*
 * Types of seals.  All but the last two are named for the effect they forbid,
 * whatever call causes it, and only add refusals.
 */
#define MSEAL_T_FREEZE		(1ULL << 0)	/* no type may be added */
#define MSEAL_T_PROTECT		(1ULL << 1)	/* protection and key stay */
#define MSEAL_T_UPGRADE		(1ULL << 2)	/* permissions may only fall */
#define MSEAL_T_UNMAP		(1ULL << 3)	/* stays mapped */
#define MSEAL_T_OVER		(1ULL << 4)	/* nothing is mapped over it */
#define MSEAL_T_REMAP		(1ULL << 5)	/* mremap() neither shrinks nor keeps it */
#define MSEAL_T_DISCARD		(1ULL << 6)	/* no zeros into anonymous memory that
						 * may not be written
						 */
#define MSEAL_T_DISCARD_ALL	(1ULL << 7)	/* no discard at all by madvise() */
#define MSEAL_T_KILL		(1ULL << 8)	/* what is refused here ends the process
						 * that asked for it, by SIGKILL
						 */
#define MSEAL_T_REPORT		(1ULL << 9)	/* the others of this call refuse nothing,
						 * but what they would refuse is counted
						 * and traced
						 */

/* What mseal(addr, len, 0) seals. */
#define MSEAL_T_NATIVE		(MSEAL_T_PROTECT | MSEAL_T_UNMAP | \
				 MSEAL_T_REMAP | MSEAL_T_DISCARD)

/* A flag of mseal_types(): where these types can't be had alone, seal as mseal(). */
#define MSEAL_OR_STRICTER	(1U << 0)

/**
 * mseal_types - seal every page of [addr, addr + len) with certain types
 * @addr: first byte, page aligned
 * @len: length in bytes, rounded up to whole pages; 0 seals nothing
 * @types: MSEAL_T_* to add
 * @flags: 0 or MSEAL_OR_STRICTER
 *
 * What permits to unmap the memory or to map over it goes with the memory.  No
 * sealed memory can be moved, grown or duplicated by mremap(), whatever the types.
 *
 * The kernel's own mseal() knows one set of types, MSEAL_T_NATIVE.  Where the
 * kernel has it, that set is had from there, with or without the types that are
 * included in its members (UPGRADE in PROTECT, OVER in UNMAP), and no other set,
 * unless MSEAL_OR_STRICTER allows to seal all of it instead.  That helps if
 * MSEAL_T_NATIVE includes what is asked for, so not with FREEZE or DISCARD_ALL.
 *
 * Returns 0, or -1 and sets errno, with nothing sealed, as mseal() and besides:
 *   EINVAL      types is 0 or MSEAL_T_REPORT alone, or flags has a bit that
 *               nobody defines
 *   EOPNOTSUPP  this set of types can't be had here
 */
int mseal_types(void *addr, size_t len, uint64_t types, unsigned int flags) MSEAL_THROW;

/**
 * struct mseal_seal - a sealed range
 * @addr: first byte
 * @len: length in bytes
 * @types: MSEAL_T_* that are in force
 * @reported: MSEAL_T_* whose refusals would only be recorded
 */
struct mseal_seal {
	void *addr;
	size_t len;
	uint64_t types;
	uint64_t reported;
};

/* The calling process, for mseal_query(). */
#define MSEAL_SELF		(-1)

/**
 * mseal_query - what is sealed, in ascending order, from an address on
 * @pidfd: a descriptor of the process, from pidfd_open(), or MSEAL_SELF
 * @addr: where to begin; a range that began before it is told from there on
 * @seals: what to fill
 * @n: how many there is room for
 *
 * Ranges that touch are one if they have the same types.  What is sealed
 * meanwhile may be missing.  Where the kernel has mseal() itself, that is read
 * from /proc, which takes a look at each mapping of the process.
 *
 * Returns how many are filled; fewer than n mean that there are no more, else
 * the next call begins at the end of the last one.  Or -1 and sets errno, with
 * any content in seals; then nothing else than this:
 *   EBADF       pidfd is no descriptor of a process
 *   ESRCH       the process has ended, be it only its first thread, or has no
 *               memory, or executed another program during the call
 *   EACCES      the caller may not read /proc/PID/maps of that process
 *   EOPNOTSUPP  the module can't tell about other processes on this kernel
 *   EOVERFLOW   an address doesn't fit in a pointer of this process
 *   EINTR       a fatal signal arrived
 *   ENOMEM      the kernel has no memory to answer
 *   ENOSYS      what serves mseal() doesn't tell: no device, or one of a module
 *               too old; no /proc; a filter in the way, or no descriptor free
 */
long mseal_query(int pidfd, const void *addr, struct mseal_seal *seals, size_t n) MSEAL_THROW;

#ifdef MSEAL_WANT_MIMMUTABLE
/**
 * mimmutable - as OpenBSD's: the mappings of the range stay as they are
 * @addr: any byte of the first page
 * @len: length in bytes; the last page counts as a whole
 *
 * The same seal and the same errors as mseal().  Unlike there a page that isn't
 * mapped is an error, ENOMEM, and nothing is sealed then.
 */
int mimmutable(void *addr, size_t len) MSEAL_THROW;
#endif

/* What mseal_backend() returns. More may come. */
enum {
	MSEAL_BACKEND_NONE = 0,		/* mseal() would fail with ENOSYS */
	MSEAL_BACKEND_NATIVE = 1,	/* the system call */
	MSEAL_BACKEND_DEVICE = 2	/* /dev/mseal */
};

/**
 * mseal_backend - what would serve a call of mseal() made now
 * @why: where to store the cause of MSEAL_BACKEND_NONE, an errno value, or 0
 *       for the other answers; may be NULL
 *
 * Never fails and never touches errno.  Seals nothing.  If the device is found
 * it is remembered, as by mseal().  Causes:
 *   ENOENT      there is no /dev/mseal: the module is not loaded, or not seen
 *               from this root directory
 *   ENODEV      the device has no driver behind it or reports that its seals
 *               would not hold
 *   ENOTTY      /dev/mseal is some other device or file
 *   EACCES      no permission to open the device, or a filter refused a call
 *   EPERM       a filter or security module refused a call
 *   ENOSYS      a filter refused a call, would kill for it, or left no way to
 *               find out; or the administrator has stopped new seals
 *   EMFILE      the process has no descriptor free
 *   ENFILE      the system has no open file free
 *   ENOMEM      the kernel has no memory to open the device
 *   EINTR       opening was interrupted
 *   EOPNOTSUPP  the module doesn't offer all that mseal() seals
 */
int mseal_backend(int *why) MSEAL_THROW;

/**
 * mseal_open - open /dev/mseal and make sure that it is the device
 *
 * For programs that give up the right to open files before they seal, or that
 * hand the descriptor to one that has none: see mseal_use_fd().
 *
 * Returns a descriptor that is closed on exec and belongs to the caller, or -1
 * and sets errno to one of the causes listed at mseal_backend() other than
 * EOPNOTSUPP, or to EBADF if another thread closes what was just opened.  ENOENT is to be expected where the kernel has mseal() itself.
 */
int mseal_open(void) MSEAL_THROW;

/**
 * mseal_use_fd - have mseal() use this descriptor of /dev/mseal
 * @fd: a descriptor from mseal_open(), this process's or another's, or -1 to
 *      forget the one given before
 *
 * The descriptor stays the caller's: the library never closes or changes it.
 * Each use is preceded by a check that it still is the same device; if the
 * program has closed it or put another file in its place, the library leaves it
 * alone and opens the device itself.  The kernel's own mseal() is still
 * preferred.
 *
 * Returns 0, or -1 and sets errno; then the descriptor given before stays in use:
 *   EBADF   fd is not open, or was replaced meanwhile
 *   ENOTTY  fd is not the device
 *   EACCES, EPERM, ENOSYS  a filter or security module refused a call
 */
int mseal_use_fd(int fd) MSEAL_THROW;

/**
 * mseal_version - version of the library in use, as "1.2.3"
 *
 * What the device can do doesn't follow from it: any version of the library
 * works with any version of the module.
 */
const char *mseal_version(void) MSEAL_THROW;

#ifdef __cplusplus
}
#endif

#undef MSEAL_THROW

#endif /* MSEAL_H */
