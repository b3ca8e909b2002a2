// SPDX-License-Identifier: GPL-2.0
/*
 * An allocator that seals its read-only state.
 *
 *	cc allocator.c $(pkg-config --cflags --libs libmseal)
 *
 * What an allocator decides once, at start, is what an attacker wants most:
 * where its slabs are, how large their slots are, which value guards them.
 * Hardened allocators keep that in pages of their own and make them read-only.
 * Sealed, these can't be unmapped, replaced by forged ones, made writable again,
 * or emptied by madvise(), either.
 *
 * Exit status: 0, also where nothing can seal, which is said; 1 on errors.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <mseal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#define PAGE		4096
#define SLAB_SIZE	(64 * 1024)
#define SMALLEST	16
#define CLASSES		6

/*
 * Decided once.  It has its pages for itself, since whole pages are what is
 * protected, and an address that the program knows without a pointer, since a
 * pointer to it would have to be protected in turn.
 */
static union {
	struct {
		uint64_t canary;
		char *slab[CLASSES];
		size_t slot_size[CLASSES];
	};
	char page[PAGE];
} config __attribute__((aligned(PAGE)));

/* Changes with every call: stays writable, elsewhere. */
static size_t slots_used[CLASSES];

static void *map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

/*
 * Read-only and sealed, madvise() can't empty the page, either; those who may
 * write memory may also have it emptied, sealed or not.
 */
static void protect_config(void)
{
	if (mprotect(&config, sizeof(config), PROT_READ))
		err(1, "mprotect");
	if (!mseal(&config, sizeof(config), 0))
		printf("the state is sealed\n");
	else if (errno == ENOSYS)
		printf("nothing can seal here, the state is only read-only\n");
	else
		err(1, "mseal");
}

static void allocator_init(void)
{
	if (sysconf(_SC_PAGESIZE) != PAGE)
		errx(1, "built for pages of %d bytes", PAGE);
	if (getrandom(&config.canary, sizeof(config.canary), 0) !=
	    sizeof(config.canary))
		err(1, "getrandom");
	for (int i = 0; i < CLASSES; i++) {
		config.slot_size[i] = (size_t)SMALLEST << i;
		config.slab[i] = map(SLAB_SIZE);
	}
	protect_config();
}

/* Each slot ends with the canary. */
static uint64_t *guard_of(char *slot, int class)
{
	return (uint64_t *)(slot + config.slot_size[class]) - 1;
}

static void *allocate(size_t size)
{
	for (int i = 0; i < CLASSES; i++) {
		char *slot;

		if (size > config.slot_size[i] - sizeof(config.canary))
			continue;
		if ((slots_used[i] + 1) * config.slot_size[i] > SLAB_SIZE)
			return NULL;
		slot = config.slab[i] + slots_used[i]++ * config.slot_size[i];
		*guard_of(slot, i) = config.canary;
		return slot;
	}
	return NULL;
}

/* The class of an address, or -1 if the slot's guard has been overwritten. */
static int check(char *slot)
{
	for (int i = 0; i < CLASSES; i++) {
		if (slot >= config.slab[i] && slot < config.slab[i] + SLAB_SIZE)
			return *guard_of(slot, i) == config.canary ? i : -1;
	}
	return -1;
}

static int make_writable(void)
{
	return mprotect(&config, PAGE, PROT_READ | PROT_WRITE);
}

/* Would leave a canary of zero, known to everybody, and slabs at NULL. */
static int empty(void)
{
	return madvise(&config, PAGE, MADV_DONTNEED);
}

static int replace(void)
{
	void *forged = mmap(&config, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	return forged == MAP_FAILED ? -1 : 0;
}

static int unmap(void)
{
	return munmap(&config, PAGE);
}

static const struct {
	const char *name;
	int (*run)(void);
} attacks[] = {
	{ "make it writable", make_writable },
	{ "empty it", empty },
	{ "replace it", replace },
	{ "unmap it", unmap },
};

/* Only where it is sealed; else the first one would end the program's work. */
static void attack(void)
{
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		if (!attacks[i].run())
			errx(1, "%s: done, though it is sealed", attacks[i].name);
		if (errno != EPERM)
			err(1, "%s", attacks[i].name);
		printf("%s: refused\n", attacks[i].name);
	}
}

int main(void)
{
	char *text;

	allocator_init();
	text = allocate(20);
	if (!text)
		errx(1, "no memory");
	strcpy(text, "allocated");
	if (mseal_backend(NULL) != MSEAL_BACKEND_NONE)
		attack();
	if (check(text) < 0)
		errx(1, "the guard has changed");
	text[24] = 'x';
	if (check(text) >= 0)
		errx(1, "an overflow went unnoticed");
	printf("%s, its guard was whole until the overflow\n", text);
	return 0;
}
