// SPDX-License-Identifier: GPL-2.0
/*
 * An application as users write it: seals a page and sees that the seal holds.
 * With an argument it stays, tries again at each line of input, and says so.
 * Ends 2 if nothing can be sealed.
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <mseal.h>
#include <stdio.h>
#include <sys/mman.h>

static char *page(void)
{
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int refused(char *sealed)
{
	return munmap(sealed, 4096) && errno == EPERM;
}

static int stay(char *sealed)
{
	puts("sealed");
	fflush(stdout);
	while (getchar() != EOF) {
		puts(refused(sealed) ? "refused" : "unmapped");
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	char *sealed = page(), *twin = page();

	(void)argv;
	if (sealed == MAP_FAILED || twin == MAP_FAILED)
		return 1;
	if (mseal(sealed, 4096, 0))
		return errno == ENOSYS ? 2 : 1;
	if (!refused(sealed) || munmap(twin, 4096))
		return 1;
	return argc > 1 ? stay(sealed) : 0;
}
