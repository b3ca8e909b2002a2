// SPDX-License-Identifier: GPL-2.0
/* Operations that types of seals may refuse, and a model of what they refuse. */
#define _GNU_SOURCE
#include <check.h>
#include <ctype.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"
#include "mem.h"
#include "report.h"
#include "type_ops.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

#define R	PROT_READ
#define RW	(PROT_READ | PROT_WRITE)
#define RWX	(PROT_READ | PROT_WRITE | PROT_EXEC)

/* Behind every layout, where nothing else is. */
#define ELSEWHERE	(16 * page)

static long result(long ret)
{
	return ret == -1 ? -errno : 0;
}

static long op_unmap(char *at)		{ return result(munmap(at, page)); }
static long op_unmap_more(char *at)	{ return result(munmap(at, 3 * page)); }
static long op_none(char *at)		{ return result(mprotect(at, page, PROT_NONE)); }
static long op_r(char *at)		{ return result(mprotect(at, page, R)); }
static long op_rw(char *at)		{ return result(mprotect(at, page, RW)); }
static long op_rwx(char *at)		{ return result(mprotect(at, page, RWX)); }
static long op_r_more(char *at)		{ return result(mprotect(at, 3 * page, R)); }
static long op_rw_more(char *at)	{ return result(mprotect(at, 3 * page, RW)); }

static long op_pkey(char *at)
{
	long ret = result(syscall(SYS_pkey_mprotect, at, page, R, -1));

	if (ret == -ENOSYS)
		skip("no protection keys");
	return ret;
}

static long op_over(char *at)
{
	return result((long)mmap(at, page, R, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS,
				 -1, 0));
}

static long op_over_more(char *at)
{
	return result((long)mmap(at, 3 * page, R,
				 MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static long op_shmat(char *at)
{
	int id = shmget(IPC_PRIVATE, page, 0600 | IPC_CREAT);
	long ret = result((long)shmat(id, at, SHM_REMAP));

	shmctl(id, IPC_RMID, NULL);
	return ret;
}

static long remap(char *at, size_t from, size_t to, int flags, char *where)
{
	return result((long)mremap(at, from * page, to * page, flags, where));
}

static long op_remap_same(char *at)	{ return remap(at, 1, 1, 0, NULL); }
static long op_shrink(char *at)		{ return remap(at, 2, 1, 0, NULL); }
static long op_grow(char *at)		{ return remap(at, 1, 2, 0, NULL); }
static long op_grow_or_move(char *at)	{ return remap(at, 1, 2, MREMAP_MAYMOVE, NULL); }
static long op_duplicate(char *at)	{ return remap(at, 0, 1, MREMAP_MAYMOVE, NULL); }

static long op_move(char *at)
{
	return remap(at, 1, 1, MREMAP_MAYMOVE | MREMAP_FIXED, at + ELSEWHERE);
}

static long op_move_cut(char *at)
{
	return remap(at, 2, 1, MREMAP_MAYMOVE | MREMAP_FIXED, at + ELSEWHERE);
}

static long op_move_onto(char *at)
{
	return remap(at, 1, 1, MREMAP_MAYMOVE | MREMAP_FIXED, at + page);
}

static long op_empty(char *at)
{
	return remap(at, 1, 1, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
}

static long op_dontneed(char *at)	{ return result(madvise(at, page, MADV_DONTNEED)); }
static long op_free(char *at)		{ return result(madvise(at, page, MADV_FREE)); }
static long op_remove(char *at)		{ return result(madvise(at, page, MADV_REMOVE)); }
static long op_dontfork(char *at)	{ return result(madvise(at, page, MADV_DONTFORK)); }
static long op_wipeonfork(char *at)	{ return result(madvise(at, page, MADV_WIPEONFORK)); }
static long op_cold(char *at)		{ return result(madvise(at, page, MADV_COLD)); }

static long op_protect(char *at)	{ return device_seal(at, page, MSEAL_T_PROTECT); }

const struct type_op type_ops[NR_TYPE_OPS] = {
	{ "munmap", "W", op_unmap, UNMAPS, "." },
	{ "munmap of more", "wRw", op_unmap_more, UNMAPS, "..." },
	{ "mmap over", "W", op_over, REPLACES, "r" },
	{ "mmap over more", "w.W", op_over_more, REPLACES, "rrr" },
	{ "shmat over", "W", op_shmat, REPLACES, "s" },
	{ "mremap onto", "wR", op_move_onto, REPLACES, ".w" },

	{ "rw to rw", "W", op_rw, SETS_ACCESS, NULL },
	{ "rw to r", "W", op_r, SETS_ACCESS, "r" },
	{ "rw to r, by key", "W", op_pkey, SETS_ACCESS, "r" },
	{ "rw to none", "W", op_none, SETS_ACCESS, "n" },
	{ "rw to rwx", "W", op_rwx, SETS_ACCESS | ADDS_ACCESS, "e" },
	{ "r to rw", "R", op_rw, SETS_ACCESS | ADDS_ACCESS, "w" },
	{ "none to r", "N", op_r, SETS_ACCESS | ADDS_ACCESS, "r" },
	{ "several to r", "neW", op_r_more, SETS_ACCESS, "rrr" },
	{ "several to rw", "neR", op_rw_more, SETS_ACCESS | ADDS_ACCESS, "www" },

	{ "mremap, same size", "W", op_remap_same, RESIZES, NULL },
	{ "mremap cuts it off", "wW", op_shrink, RESIZES | UNMAPS, "w." },
	{ "mremap cuts off another mapping", "wR", op_shrink, RESIZES | UNMAPS, "w." },
	{ "mremap cuts off its neighbour", "Ww", op_shrink, RESIZES, "w." },
	{ "mremap grows", "W.", op_grow, RELOCATES, "ww" },
	{ "mremap grows or moves", "Wn", op_grow_or_move, RELOCATES, ".n" },
	{ "mremap moves", "W", op_move, RELOCATES, "." },
	{ "mremap moves another, cuts it off", "wR", op_move_cut, UNMAPS | RESIZES, ".." },
	{ "mremap leaves it empty", "W", op_empty, RELOCATES, NULL },
	{ "mremap duplicates", "S", op_duplicate, RELOCATES, NULL },

	{ "DONTNEED, rw", "W", op_dontneed, DISCARDS, NULL },
	{ "DONTNEED, r", "R", op_dontneed, DISCARDS | ZEROES, NULL },
	{ "DONTNEED, private file", "P", op_dontneed, DISCARDS, NULL },
	{ "DONTNEED, shared", "Q", op_dontneed, DISCARDS, NULL },
	{ "FREE, none", "N", op_free, DISCARDS | ZEROES, NULL },
	{ "REMOVE, shared", "S", op_remove, DISCARDS, NULL },
	{ "DONTFORK, rw", "W", op_dontfork, DISCARDS, NULL },
	{ "WIPEONFORK, r", "R", op_wipeonfork, DISCARDS | ZEROES, NULL },
	{ "COLD", "R", op_cold, NOTHING, NULL },
	{ "seal", "W", op_protect, ADDS_PROTECT, NULL },
};

bool type_model_refuses(const struct type_op *op, __u64 types)
{
	static const struct rule {
		__u64 type;
		unsigned int refuses;
	} rules[] = {
		{ MSEAL_T_FREEZE, RELOCATES },
		{ MSEAL_T_PROTECT, RELOCATES | SETS_ACCESS },
		{ MSEAL_T_UPGRADE, RELOCATES | ADDS_ACCESS },
		{ MSEAL_T_UNMAP, RELOCATES | UNMAPS | REPLACES },
		{ MSEAL_T_OVER, RELOCATES | REPLACES },
		{ MSEAL_T_REMAP, RELOCATES | RESIZES },
		{ MSEAL_T_DISCARD, RELOCATES | ZEROES },
		{ MSEAL_T_DISCARD_ALL, RELOCATES | DISCARDS },
	};
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (types & rules[i].type && op->effect & rules[i].refuses)
			return true;
	return op->effect & ADDS_PROTECT && types & MSEAL_T_FREEZE &&
	       !(types & MSEAL_T_PROTECT);
}

void types_given(char *at, const char *layout, __u64 types)
{
	size_t i;

	layout_map(at, layout);
	for (i = 0; types && layout[i]; i++)
		if (isupper((unsigned char)layout[i]))
			ck_assert_int_eq(device_seal(at + i * page, page, types), 0);
}
