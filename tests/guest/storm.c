// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "random_u64.h"
#include "storm.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif

#define FEW		8	/* pages that most calls are about */
#define FILE_PAGES	16
#define BREAK_PAGES	16

static unsigned int below(struct stormer *stormer, unsigned int limit)
{
	return random_u64(&stormer->random) % limit;
}

static struct range some_range(struct stormer *stormer)
{
	unsigned int from = below(stormer, MODEL_PAGES);
	unsigned int room = MODEL_PAGES - from;

	if (below(stormer, 16) && room > FEW)
		room = FEW;
	return (struct range){ stormer->base + from * page,
			       1 + below(stormer, room) };
}

static size_t bytes(const struct range *range)
{
	return range->pages * page;
}

static int some_prot(struct stormer *stormer)
{
	static const int prots[] = {
		PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
		PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC,
	};

	return prots[below(stormer, ARRAY_SIZE(prots))];
}

static long answer(long ret)
{
	return ret == -1 ? -errno : 0;
}

static long pointer(const void *ret)
{
	return ret == MAP_FAILED ? -errno : 0;
}

static long do_munmap(struct stormer *stormer, struct strike *strike)
{
	(void)stormer;
	strike->spoils = true;
	return answer(munmap(strike->from.at, bytes(&strike->from)));
}

static long do_mmap(struct stormer *stormer, struct strike *strike)
{
	unsigned int kind = below(stormer, 8);
	int flags = MAP_FIXED | (kind % 2 ? MAP_PRIVATE : MAP_SHARED);

	if (kind < 5)
		flags |= MAP_ANONYMOUS;
	if (!below(stormer, 16))
		flags |= MAP_POPULATE;
	strike->spoils = true;
	return pointer(mmap(strike->from.at, bytes(&strike->from), some_prot(stormer),
			    flags, flags & MAP_ANONYMOUS ? -1 : stormer->file,
			    below(stormer, FILE_PAGES) * page));
}

/* Where the kernel likes; gone at once, or there would be ever more. */
static long do_mmap_anywhere(struct stormer *stormer, struct strike *strike)
{
	size_t len = bytes(&strike->from);
	void *at = mmap(NULL, len, some_prot(stormer), MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);

	strike->from.pages = 0;
	return at == MAP_FAILED ? -errno : answer(munmap(at, len));
}

static long do_mprotect(struct stormer *stormer, struct strike *strike)
{
	strike->spoils = true;
	return answer(mprotect(strike->from.at, bytes(&strike->from),
			       some_prot(stormer)));
}

static long do_pkey_mprotect(struct stormer *stormer, struct strike *strike)
{
	strike->spoils = true;
	return answer(syscall(SYS_pkey_mprotect, strike->from.at,
			      bytes(&strike->from), some_prot(stormer),
			      below(stormer, 2) ? stormer->key : -1));
}

/* Never where the kernel likes: that would be out of everybody's sight. */
static long do_mremap(struct stormer *stormer, struct strike *strike)
{
	static const int flags[] = {
		0, MREMAP_MAYMOVE | MREMAP_FIXED, MREMAP_MAYMOVE | MREMAP_FIXED,
		MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP,
	};
	unsigned int how = below(stormer, ARRAY_SIZE(flags));
	size_t old = bytes(&strike->from);
	struct range to = some_range(stormer);

	if (how == 3)
		to.pages = strike->from.pages;
	if (flags[how])
		strike->to = to;
	else if (to.pages > strike->from.pages)
		strike->from.pages = to.pages;
	/* In place, all that follows the first mapping is told to stay as it is. */
	strike->spoils = flags[how] || to.pages > old / page;
	return pointer(mremap(strike->from.at, old, bytes(&to), flags[how], to.at));
}

static const int advices[] = {
	MADV_DONTNEED, MADV_FREE, MADV_REMOVE, MADV_DONTFORK, MADV_WIPEONFORK,
	MADV_DONTNEED_LOCKED,
	MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DOFORK,
	MADV_KEEPONFORK, MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_HUGEPAGE,
	MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP, MADV_COLD, MADV_PAGEOUT,
	MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_COLLAPSE, 1000,
};

/* So many at the beginning discard. */
#define DISCARDS	6

static int some_advice(struct stormer *stormer, struct strike *strike)
{
	unsigned int limit = below(stormer, 2) ? DISCARDS : ARRAY_SIZE(advices);
	unsigned int which = below(stormer, limit);

	strike->spoils = which < DISCARDS;
	return advices[which];
}

static long do_madvise(struct stormer *stormer, struct strike *strike)
{
	int advice = some_advice(stormer, strike);

	return answer(madvise(strike->from.at, bytes(&strike->from), advice));
}

/* These kernels let it discard nothing. */
static long do_process_madvise(struct stormer *stormer, struct strike *strike)
{
	struct iovec range = { strike->from.at, bytes(&strike->from) };
	int advice = some_advice(stormer, strike);

	return answer(syscall(SYS_process_madvise, stormer->self, &range, 1, advice,
			      0));
}

static long do_uring_madvise(struct stormer *stormer, struct strike *strike)
{
	int advice = some_advice(stormer, strike);

	return uring_madvise(&stormer->ring, strike->from.at, bytes(&strike->from),
			     advice, below(stormer, 4) ? 0 : IOSQE_ASYNC);
}

static long do_brk(struct stormer *stormer, struct strike *strike)
{
	char *to = stormer->breaks + below(stormer, BREAK_PAGES) * page;

	strike->from.pages = 0;
	/* Another thread may move it, too. */
	return syscall(SYS_brk, to) == (long)to ? 0 : -EAGAIN;
}

static long do_remap_file_pages(struct stormer *stormer, struct strike *strike)
{
	strike->spoils = true;
	return answer(syscall(SYS_remap_file_pages, strike->from.at,
			      bytes(&strike->from), 0,
			      below(stormer, FILE_PAGES), 0));
}

static long do_shmat(struct stormer *stormer, struct strike *strike)
{
	strike->from.pages = FEW;
	strike->spoils = true;
	return pointer(shmat(stormer->segment, strike->from.at, SHM_REMAP |
			     (below(stormer, 2) ? SHM_RDONLY : 0)));
}

/* Answers 0 whether it did anything or not. */
static long do_shmdt(struct stormer *stormer, struct strike *strike)
{
	(void)stormer;
	return answer(shmdt(strike->from.at));
}

static long do_mlock(struct stormer *stormer, struct strike *strike)
{
	size_t len = bytes(&strike->from);

	return answer(below(stormer, 2) ? mlock(strike->from.at, len) :
		      munlock(strike->from.at, len));
}

static long do_msync(struct stormer *stormer, struct strike *strike)
{
	static const int flags[] = { MS_ASYNC, MS_SYNC, MS_SYNC | MS_INVALIDATE };
	unsigned char in_core[MODEL_PAGES];

	if (below(stormer, 2))
		return answer(mincore(strike->from.at, bytes(&strike->from), in_core));
	return answer(msync(strike->from.at, bytes(&strike->from),
			    flags[below(stormer, ARRAY_SIZE(flags))]));
}

static long do_watch(struct stormer *stormer, struct strike *strike)
{
	struct uffdio_register watched = {
		.range = { (unsigned long)strike->from.at, bytes(&strike->from) },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (below(stormer, 2))
		return answer(ioctl(stormer->watch, UFFDIO_REGISTER, &watched));
	return answer(ioctl(stormer->watch, UFFDIO_UNREGISTER, &watched.range));
}

static long do_truncate(struct stormer *stormer, struct strike *strike)
{
	strike->from.pages = 0;
	return answer(ftruncate(stormer->file,
				below(stormer, FILE_PAGES + 1) * page));
}

static long do_name(struct stormer *stormer, struct strike *strike)
{
	return answer(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, strike->from.at,
			    bytes(&strike->from),
			    below(stormer, 2) ? "storm" : NULL));
}

const struct storm_call storm_calls[NR_STORM_CALLS] = {
	{ "munmap", do_munmap, 8, true, true },
	{ "mmap", do_mmap, 24, true, true },
	{ "mmap, anywhere", do_mmap_anywhere, 2, true, false },
	{ "mprotect", do_mprotect, 16, true, true },
	{ "pkey_mprotect", do_pkey_mprotect, 4, true, true },
	{ "mremap", do_mremap, 12, true, true },
	{ "madvise", do_madvise, 16, true, true },
	{ "process_madvise", do_process_madvise, 2, true, false },
	{ "io_uring", do_uring_madvise, 2, true, true },
	{ "brk", do_brk, 4, true, false },
	{ "remap_file_pages", do_remap_file_pages, 2, true, true },
	{ "shmat", do_shmat, 4, true, true },
	{ "shmdt", do_shmdt, 4, true, false },
	{ "mlock", do_mlock, 1, false, false },
	{ "msync, mincore", do_msync, 1, false, false },
	{ "userfaultfd", do_watch, 1, false, false },
	{ "ftruncate", do_truncate, 1, false, false },
	{ "PR_SET_VMA", do_name, 1, false, false },
};

static unsigned int pick(struct stormer *stormer)
{
	unsigned int sum = 0, i, at;

	for (i = 0; i < NR_STORM_CALLS; i++)
		sum += storm_calls[i].weight;
	at = below(stormer, sum);
	for (i = 0; at >= storm_calls[i].weight; i++)
		at -= storm_calls[i].weight;
	return i;
}

void storm_strike(struct stormer *stormer, struct strike *strike)
{
	*strike = (struct strike){ .call = pick(stormer),
				   .from = some_range(stormer) };
	strike->ret = storm_calls[strike->call].run(stormer, strike);
}

/* Of the kernel: what isn't to be had is asked for in vain. */
void stormer_open(struct stormer *stormer, char *base, char *breaks, int segment,
		  uint64_t seed)
{
	struct uffdio_api api = { .api = UFFD_API,
				  .features = UFFD_FEATURE_SIGBUS };

	*stormer = (struct stormer){ .random = seed, .base = base, .breaks = breaks,
				     .segment = segment };
	stormer->file = memfd_create("storm", MFD_CLOEXEC);
	if (stormer->file < 0 || ftruncate(stormer->file, FILE_PAGES * page))
		ck_abort_msg("memfd: %s", strerror(errno));
	/* Nobody reads its messages: whoever meets it gets an error at once. */
	stormer->watch = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	ioctl(stormer->watch, UFFDIO_API, &api);
	stormer->self = syscall(SYS_pidfd_open, getpid(), 0);
	stormer->key = syscall(SYS_pkey_alloc, 0, 0);
	uring_open(&stormer->ring, 0);
}
