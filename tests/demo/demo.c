// SPDX-License-Identifier: GPL-2.0
/* Shows what a seal refuses: each operation on an unsealed and a sealed page. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "mseal.h"

static size_t page_size;

static bool do_munmap(void *page)
{
	return !munmap(page, page_size);
}

static bool do_mprotect(void *page)
{
	return !mprotect(page, page_size, PROT_READ | PROT_WRITE);
}

static bool do_pkey_mprotect(void *page)
{
	return !pkey_mprotect(page, page_size, PROT_READ | PROT_WRITE, -1);
}

static bool do_map_over(void *page)
{
	return mmap(page, page_size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page;
}

static bool do_grow(void *page)
{
	return mremap(page, page_size, 2 * page_size, MREMAP_MAYMOVE) !=
	       MAP_FAILED;
}

static bool do_move(void *page)
{
	void *target = mmap(NULL, page_size, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mremap(page, page_size, page_size,
		      MREMAP_MAYMOVE | MREMAP_FIXED, target) == target;
}

static bool do_discard(void *page)
{
	return !madvise(page, page_size, MADV_DONTNEED);
}

static bool do_read(void *page)
{
	return *(volatile char *)page == 'x';
}

static const struct {
	const char *name;
	bool (*run)(void *page);
	bool stays;		/* allowed on sealed memory, too */
} operations[] = {
	{ "read", do_read, true },
	{ "munmap", do_munmap, false },
	{ "mprotect +write", do_mprotect, false },
	{ "pkey_mprotect", do_pkey_mprotect, false },
	{ "mmap MAP_FIXED over it", do_map_over, false },
	{ "mremap, growing", do_grow, false },
	{ "mremap to another address", do_move, false },
	{ "madvise MADV_DONTNEED", do_discard, false },
};

static void *new_page(void)
{
	char *page = mmap(NULL, page_size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	page[0] = 'x';
	mprotect(page, page_size, PROT_READ);
	return page;
}

/* What the table says of one operation on one page. */
static const char *outcome(bool done, int error)
{
	return done ? "done" : strerrorname_np(error);
}

static bool show(size_t i)
{
	void *plain = new_page(), *sealed = new_page();
	bool plain_done, sealed_done, right;
	int plain_error, sealed_error;

	if (mseal(sealed, page_size, 0)) {
		perror("mseal");
		exit(2);
	}
	errno = 0;
	plain_done = operations[i].run(plain);
	plain_error = errno;
	errno = 0;
	sealed_done = operations[i].run(sealed);
	sealed_error = errno;

	right = plain_done && do_read(sealed) &&
		(operations[i].stays ? sealed_done :
		 !sealed_done && sealed_error == EPERM);
	printf("%-28s %-10s %-10s%s\n", operations[i].name,
	       outcome(plain_done, plain_error),
	       outcome(sealed_done, sealed_error), right ? "" : "  WRONG");
	return right;
}

int main(void)
{
	struct utsname system;
	bool right = true;

	page_size = sysconf(_SC_PAGESIZE);
	uname(&system);
	printf("\nLinux %s\n\n%-28s %-10s %-10s\n", system.release, "operation",
	       "unsealed", "sealed");
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		right &= show(i);
	printf("\n");
	return right ? 0 : 1;
}
