// SPDX-License-Identifier: GPL-2.0
/* Every way to change a mapping that a seal refuses. */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

static size_t page(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* Room around what is to be sealed, for calls that grow it or go beyond it. */
static char *room(size_t size)
{
	char *start = mmap(NULL, size + 2 * page(), PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return start == MAP_FAILED ? NULL : start + page();
}

static bool make(struct place *place, int flags)
{
	place->size = PLACE_PAGES * page();
	place->start = room(place->size);
	if (!place->start ||
	    mmap(place->start, place->size, PROT_READ | PROT_WRITE,
		 flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return false;
	*place->start = 'x';
	return !mprotect(place->start, place->size, PROT_READ);
}

static bool private(struct place *place)
{
	return make(place, MAP_PRIVATE);
}

static bool shared(struct place *place)
{
	return make(place, MAP_SHARED);
}

static bool segment(struct place *place)
{
	int id = shmget(IPC_PRIVATE, PLACE_PAGES * page(), 0600);
	void *at;

	if (id < 0)
		return false;
	at = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	if (at == (void *)-1)
		return false;
	place->start = at;
	place->size = PLACE_PAGES * page();
	*place->start = 'x';
	return true;
}

/* The heap ends with the place. */
static bool heap(struct place *place)
{
	uintptr_t end = (uintptr_t)sbrk(0);

	place->size = PLACE_PAGES * page();
	if (sbrk(-end & (page() - 1)) == (void *)-1)
		return false;
	place->start = sbrk(place->size);
	if (place->start == (void *)-1)
		return false;
	*place->start = 'x';
	return true;
}

static int result(bool done)
{
	return done ? 0 : errno;
}

static int unmap(const struct place *place)
{
	return result(!munmap(place->start, place->size));
}

static int unmap_middle(const struct place *place)
{
	return result(!munmap(place->start + page(), page()));
}

static int unmap_more(const struct place *place)
{
	return result(!munmap(place->start - page(), place->size + 2 * page()));
}

static int map_over(const struct place *place)
{
	return result(mmap(place->start, place->size, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
		      MAP_FAILED);
}

static int protect(const struct place *place)
{
	return result(!mprotect(place->start, place->size,
				PROT_READ | PROT_WRITE));
}

static int protect_last(const struct place *place)
{
	return result(!mprotect(place->start + place->size - page(), page(),
				PROT_NONE));
}

static int protect_key(const struct place *place)
{
	return result(!syscall(SYS_pkey_mprotect, place->start, place->size,
			       PROT_READ | PROT_WRITE, -1));
}

static int move(const struct place *place)
{
	char *to = room(place->size);

	return result(to && mremap(place->start, place->size, place->size,
				   MREMAP_MAYMOVE | MREMAP_FIXED, to) !=
			    MAP_FAILED);
}

static int grow(const struct place *place)
{
	return result(mremap(place->start, place->size, 2 * place->size,
			     MREMAP_MAYMOVE) != MAP_FAILED);
}

static int shrink(const struct place *place)
{
	return result(mremap(place->start, place->size, place->size / 2, 0) !=
		      MAP_FAILED);
}

static int move_onto(const struct place *place)
{
	struct place other;

	return result(private(&other) &&
		      mremap(other.start, other.size, other.size,
			     MREMAP_MAYMOVE | MREMAP_FIXED, place->start) !=
		      MAP_FAILED);
}

static int duplicate(const struct place *place)
{
	return result(mremap(place->start, 0, place->size, MREMAP_MAYMOVE) !=
		      MAP_FAILED);
}

static int advise(const struct place *place, int advice)
{
	return result(!madvise(place->start, place->size, advice));
}

static int discard(const struct place *place)
{
	return advise(place, MADV_DONTNEED);
}

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED	24
#endif

static int discard_locked(const struct place *place)
{
	return advise(place, MADV_DONTNEED_LOCKED);
}

static int discard_lazily(const struct place *place)
{
	return advise(place, MADV_FREE);
}

static int keep_from_child(const struct place *place)
{
	return advise(place, MADV_DONTFORK);
}

static int wipe_in_child(const struct place *place)
{
	return advise(place, MADV_WIPEONFORK);
}

static int attach_over(const struct place *place)
{
	int id = shmget(IPC_PRIVATE, place->size, 0600);
	void *at;
	int err;

	if (id < 0)
		return errno;
	at = shmat(id, place->start, SHM_REMAP);
	err = result(at == place->start);
	shmctl(id, IPC_RMID, NULL);
	return err;
}

static int rearrange(const struct place *place)
{
	return result(!syscall(SYS_remap_file_pages, place->start, page(), 0, 1,
			       0));
}

static bool mapped(const struct place *place)
{
	unsigned char in_core;

	return !mincore(place->start, page(), &in_core);
}

/* Says that it was done, whatever became of it. */
static int detach(const struct place *place)
{
	if (shmdt(place->start))
		return errno;
	return mapped(place) ? KEPT : 0;
}

/* Answers with the end of the heap, whether that has changed or not. */
static int cut_heap(const struct place *place)
{
	syscall(SYS_brk, place->start);
	return mapped(place) ? KEPT : 0;
}

const struct attempt attempts[] = {
	{ "munmap", private, unmap },
	{ "munmap, a page in the middle", private, unmap_middle },
	{ "munmap, and what is around it", private, unmap_more },
	{ "mmap over it", private, map_over },
	{ "mprotect", private, protect },
	{ "mprotect, the last page", private, protect_last },
	{ "pkey_mprotect", private, protect_key },
	{ "mremap, move", private, move },
	{ "mremap, grow", private, grow },
	{ "mremap, shrink", private, shrink },
	{ "mremap, move onto it", private, move_onto },
	{ "mremap, duplicate", shared, duplicate },
	{ "madvise DONTNEED", private, discard },
	{ "madvise DONTNEED_LOCKED", private, discard_locked },
	{ "madvise FREE", private, discard_lazily },
	{ "madvise DONTFORK", private, keep_from_child },
	{ "madvise WIPEONFORK", private, wipe_in_child },
	{ "remap_file_pages", shared, rearrange },
	{ "shmat over it", private, attach_over },
	{ "shmdt", segment, detach },
	{ "brk", heap, cut_heap },
};

const size_t nr_attempts = sizeof(attempts) / sizeof(*attempts);
