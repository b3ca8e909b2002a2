/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_ENTRY_H
#define _MSEAL_TEST_ENTRY_H

/* The ways into the kernel by which a suite can be run. */
enum entry {
	ENTRY_USUAL,
	/* int $0x80 of a 64-bit process: everything is below 4 GiB. */
	ENTRY_INT80,
	/* Addresses with something in their top byte, which the kernel ignores. */
	ENTRY_TAGGED,
};

enum call {
	CALL_MMAP,
	CALL_MUNMAP,
	CALL_MPROTECT,
	CALL_PKEY_MPROTECT,
	CALL_SHMAT,
	CALL_REMAP_FILE_PAGES,
	CALL_MREMAP,
	CALL_MADVISE,
	CALL_BRK,
	CALL_SHMDT,
	CALL_MSEAL,
	CALL_IOCTL,
	NR_CALLS
};

void entry_use(enum entry entry);
enum entry entry_used(void);

/* The result, or -errno. mmap() takes its offset in bytes. */
long entry_call6(enum call call, long a, long b, long c, long d, long e, long f);

/* Why this kernel takes no calls this way; NULL: it does. */
const char *entry_obstacle(void);

/* The address as a call that ignores tags is given it. */
unsigned long entry_address(unsigned long addr);

/* The argument, or a copy good until the next one, to which this entry can point. */
const void *entry_argument(const void *from, unsigned long size);

#define entry_call(call, a, b, c)	\
	entry_call6(call, (long)(a), (long)(b), (long)(c), 0, 0, 0)

/* For calls that matter by success alone. */
static inline long done(long ret)
{
	return ret < 0 ? ret : 0;
}

#endif /* _MSEAL_TEST_ENTRY_H */
