/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/mseal: memory sealing for kernels without mseal(2).
 *
 * This comment is the specification of the device's ABI.
 *
 * The device has no state of its own: every call acts on the address space of
 * the calling process, whoever opened the file, and a descriptor may be passed
 * on, inherited or shared freely.  A seal belongs to addresses, covers whole
 * pages and lasts until the address space ends (exit or exec).  fork() hands
 * the seals down with the mappings.  Nothing lifts a seal; but one that permits
 * to unmap the memory or to map over it goes with the memory, if and only if
 * that succeeds, and what is mapped there afterwards is unsealed.
 *
 * Addresses and lengths are in bytes.  Ranges are half open, [addr, addr + len).
 *
 * Every argument structure begins with its own size in bytes.  A structure
 * shorter than the kernel's is taken as if followed by zeros; a longer one must
 * be zero beyond what the kernel knows.  Reserved fields and unknown bits must
 * be zero.  Numbers, fields and bits never change their meaning; new fields are
 * added at the end.  Whether a seal type is there is told by mseal_info.types.
 *
 * Errors of every call:
 *   EFAULT  the argument can't be read or written
 *   EINVAL  size is smaller than the first version of the structure
 *   E2BIG   size is larger than a page, or a field that this kernel module
 *           doesn't know is not zero
 *   ENOTTY  unknown call
 *
 * MSEAL_IOC_INFO, struct mseal_info: what the module is and does.  Error:
 *   EINVAL  reserved is not zero
 *
 * MSEAL_IOC_SEAL, struct mseal_range: seal every page of the range.  Sealing
 * what is sealed already succeeds and adds the missing types.  The call seals
 * all of the range or nothing.  Errors, the first that holds:
 *   EINVAL      reserved is not zero
 *   ENOSYS      the administrator has stopped new seals (parameter new_seals)
 *   ENODEV      the hooks no longer work, so a seal would not hold
 *   EINVAL      flags is not zero
 *   EINVAL      types is zero or MSEAL_T_REPORT alone
 *   EOPNOTSUPP  this module version doesn't offer one of the types
 *   EINVAL      addr is not page aligned (an address tag is ignored)
 *   EINVAL      len rounded up to pages is 0 though len is not, or the range
 *               wraps around the end of the address space
 *   0           len is 0
 *   EINTR       a fatal signal arrived
 *   0           all of the range is sealed with all of the types already
 *   ENOMEM      a page of the range is not mapped
 *   EINVAL      the range cuts through a huge page of a hugetlb mapping
 *   EPERM       a part of the range is sealed with MSEAL_T_FREEZE and lacks one
 *               of the types
 *   ENOMEM      no memory, or the process would have more separate ranges than
 *               the parameter max_ranges allows
 *
 * MSEAL_IOC_QUERY, struct mseal_query: what is sealed, in ascending order, from
 * an address on.  Ranges that touch are one if they have the same types.  Fewer
 * records than there is room for mean that there are no more; else the next call
 * begins at the last one's end.  What other threads seal meanwhile may be missing.
 * Errors:
 *   EINVAL      reserved is not zero
 *   EOPNOTSUPP  pidfd isn't MSEAL_QUERY_SELF, and this kernel lacks the functions
 *               that the module asks whom it names and who may look there
 *   EBADF       pidfd is no descriptor of a process
 *   ESRCH       the process has ended, be it only its first thread, or has no
 *               address space, or executed another program during the call
 *   EACCES      the caller may not read /proc/PID/maps of that process
 *   EINTR       a fatal signal arrived
 *
 * A refused operation answers EPERM and changes nothing.  Three calls can't say so:
 * brk() returns the old break, shmdt() and io_destroy() return 0 and leave what they
 * were to unmap.  One that passes may
 * answer ENOMEM if it unmaps a part of a sealed range: there may be no memory to
 * note that, or one more range than max_ranges allows would be left.
 */
#ifndef _UAPI_LINUX_MSEAL_DEV_H
#define _UAPI_LINUX_MSEAL_DEV_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define MSEAL_DEVICE		"/dev/mseal"

/* Grows with every added call or field; what a caller needs is found in types. */
#define MSEAL_ABI_VERSION	3

/*
 * Seal types, each named for the effect it forbids, whatever call causes it.
 * Every bit only adds refusals, so no set of them is weaker than its parts.
 * Exit and exec are never refused.
 */
/*
 * No type may be added: MSEAL_IOC_SEAL answers EPERM if the range has a byte
 * sealed with FREEZE that lacks one of the types asked for.
 */
#define MSEAL_T_FREEZE		(1ULL << 0)
/* The protection and its key may not be set, not even to what they are. */
#define MSEAL_T_PROTECT		(1ULL << 1)
/*
 * No right may be gained: a change of protection passes only if no mapping in
 * its range comes out with read, write or execute permission that it lacked
 * (personality READ_IMPLIES_EXEC counts), and with everything else, such as the
 * protection key or BTI, as it was.  Included in PROTECT.
 */
#define MSEAL_T_UPGRADE		(1ULL << 2)
/* The range may not be unmapped, nor anything be mapped over it. */
#define MSEAL_T_UNMAP		(1ULL << 3)
/*
 * Nothing may be mapped over the range, by mmap(), shmat(), remap_file_pages()
 * or as the destination of an mremap().  Included in UNMAP; alone it doesn't
 * forbid to unmap the range and map anew.
 */
#define MSEAL_T_OVER		(1ULL << 4)
/*
 * mremap() may not shrink the range, nor be asked to leave it as it is.  To grow,
 * move or duplicate what is sealed is refused by every type; a shrink, where this
 * type is missing, is judged as unmapping the tail.
 */
#define MSEAL_T_REMAP		(1ULL << 5)
/*
 * madvise() may not discard private anonymous memory that the calling thread
 * may not write, nor keep it from a child or wipe it there.  MAP_HUGETLB memory
 * counts as a file.
 */
#define MSEAL_T_DISCARD		(1ULL << 6)
/*
 * madvise() may not discard any memory, whatever its mapping, nor keep it from a
 * child or wipe it there: MADV_DONTNEED, MADV_DONTNEED_LOCKED, MADV_FREE,
 * MADV_REMOVE, MADV_DONTFORK, MADV_WIPEONFORK.  Includes DISCARD.
 */
#define MSEAL_T_DISCARD_ALL	(1ULL << 7)
/*
 * An operation that is refused, by whatever type, is fatal to the process that
 * asked for it if its range has a byte sealed with KILL: all its threads end by
 * SIGKILL, wherever the call was made, and nobody else's.  Only the machine's
 * own init is spared; a container's isn't.
 * Alone it refuses nothing.
 */
#define MSEAL_T_KILL		(1ULL << 8)
/*
 * Puts the other types of the same call on trial: what they would refuse passes,
 * but is counted and traced.  What is in force already stays in force.
 */
#define MSEAL_T_REPORT		(1ULL << 9)

/* What mseal(addr, len, 0) seals. */
#define MSEAL_T_NATIVE		(MSEAL_T_PROTECT | MSEAL_T_UNMAP | \
				 MSEAL_T_REMAP | MSEAL_T_DISCARD)

/**
 * struct mseal_range - argument of MSEAL_IOC_SEAL
 * @size: sizeof(struct mseal_range), in bytes
 * @reserved: zero
 * @addr: first byte, page aligned
 * @len: length in bytes, rounded up to whole pages
 * @types: MSEAL_T_* bits to add
 * @flags: zero
 */
struct mseal_range {
	__u32 size;
	__u32 reserved;
	__u64 addr;
	__u64 len;
	__u64 types;
	__u64 flags;
};

#define MSEAL_NAME_LEN		48

/* Operations by which refusals are counted; new ones are added at the end. */
enum mseal_op {
	MSEAL_OP_UNMAP,		/* munmap, brk, shmdt, what else unmaps */
	MSEAL_OP_MAP,		/* to map over what is there */
	MSEAL_OP_PROTECT,	/* mprotect, pkey_mprotect */
	MSEAL_OP_REMAP,		/* mremap */
	MSEAL_OP_DISCARD,	/* madvise, process_madvise */
	MSEAL_OP_SEAL,		/* to add a type to what is frozen */
};

/**
 * struct mseal_count - what was refused of one operation
 * @name: its name, a C string
 * @refused: calls refused since the module was loaded
 * @reported: as MSEAL_T_REPORT would have refused; a call that changes several
 *            mappings, or in several ways, may count more than once
 */
struct mseal_count {
	char name[16];
	__u64 refused;
	__u64 reported;
};

/**
 * struct mseal_hook - one kernel function that the module guards
 * @function: its name, a C string
 * @guard: what the guard there refuses, a C string
 * @refusals: calls refused there since the module was loaded
 */
struct mseal_hook {
	char function[MSEAL_NAME_LEN];
	char guard[16];
	__u64 refusals;
};

/* Bits of mseal_info.state */
#define MSEAL_STATE_LIVE	(1ULL << 0)	/* the hooks answer: seals hold */
#define MSEAL_STATE_NEW_SEALS	(1ULL << 1)	/* MSEAL_IOC_SEAL is served */
#define MSEAL_STATE_UNTESTED	(1ULL << 2)	/* loaded by untested=1 on a line of
						 * kernels that no test was run on
						 */
#define MSEAL_STATE_UNCHECKED	(1ULL << 3)	/* loaded by unchecked=1, though what
						 * is hooked may not be what the
						 * hooks expect
						 */

#define MSEAL_STATE_SERVES	(1ULL << 4)	/* loaded by serve_syscall=1: serves
						 * system call 462, on x86 in processes
						 * under a seccomp filter, and stays
						 */

/**
 * struct mseal_info - argument of MSEAL_IOC_INFO
 * @size: sizeof(struct mseal_info), in bytes
 * @abi: MSEAL_ABI_VERSION of the module
 * @types: seal types that the module offers
 * @state: MSEAL_STATE_* bits
 * @spaces: address spaces with seals now
 * @ranges: sealed ranges held now, all address spaces together; what a forked
 *          process shares with its parent counts once
 * @seals: seals made since the module was loaded
 * @refusals: operations refused since the module was loaded
 * @max_ranges: most separate ranges that one address space may seal
 * @nr_hooks: in: room in @hooks, in elements; out: number of hooks there are
 * @hooks: address of an array of struct mseal_hook to fill, or 0
 * @version: version of the module, a C string
 * @reports: operations since the module was loaded that would have been refused,
 *           but for MSEAL_T_REPORT
 * @counts: address of an array of struct mseal_count to fill, in the order of
 *          enum mseal_op, or 0
 * @nr_counts: in: room in @counts, in elements; out: how many there are
 * @reserved: zero
 *
 * Apart from size, the two arrays' addresses and their lengths the module only
 * writes the fields.
 */
struct mseal_info {
	__u32 size;
	__u32 abi;
	__u64 types;
	__u64 state;
	__u64 spaces;
	__u64 ranges;
	__u64 seals;
	__u64 refusals;
	__u32 max_ranges;
	__u32 nr_hooks;
	__u64 hooks;
	char version[16];
	__u64 reports;
	__u64 counts;
	__u32 nr_counts;
	__u32 reserved;
};

/**
 * struct mseal_record - a sealed range
 * @start: first byte
 * @end: first byte behind it
 * @types: MSEAL_T_* bits that are in force
 * @reported: MSEAL_T_* bits that were given together with MSEAL_T_REPORT
 */
struct mseal_record {
	__u64 start;
	__u64 end;
	__u64 types;
	__u64 reported;
};

#define MSEAL_QUERY_SELF	(-1)

/**
 * struct mseal_query - argument of MSEAL_IOC_QUERY
 * @size: sizeof(struct mseal_query), in bytes
 * @pidfd: a descriptor of the process, or MSEAL_QUERY_SELF for the calling one
 * @addr: where to begin; a range that began before it is told from there on
 * @records: address of an array of struct mseal_record to fill
 * @nr: in: room in @records, in elements; out: how many are filled
 * @reserved: zero
 *
 * Apart from the records only nr is written.
 */
struct mseal_query {
	__u32 size;
	__s32 pidfd;
	__u64 addr;
	__u64 records;
	__u32 nr;
	__u32 reserved;
};

#define MSEAL_IOC_INFO		_IO(0xBB, 0x00)
#define MSEAL_IOC_SEAL		_IO(0xBB, 0x01)
#define MSEAL_IOC_QUERY		_IO(0xBB, 0x02)

#endif /* _UAPI_LINUX_MSEAL_DEV_H */
