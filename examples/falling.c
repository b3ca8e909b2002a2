// SPDX-License-Identifier: GPL-2.0
/*
 * A table whose rights may only fall.
 *
 *	cc falling.c $(pkg-config --cflags --libs libmseal)
 *
 * mseal() fixes the protection as it is, so a table has to be complete and
 * read-only before.  MSEAL_T_UPGRADE fixes the direction instead: sealed while
 * it is still writable, the table can be filled, then be made read-only, then be
 * closed altogether, and never go back.
 *
 * Only the module knows this type.  MSEAL_OR_STRICTER would seal as mseal() does
 * where there is no module.  Here that would keep the table writable for ever,
 * so it isn't used.
 *
 * Exit status: 0; 77 where rights can't be made to fall, which is said; 1 on
 * errors.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <mseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define UNSUPPORTED	77

/*
 * UPGRADE alone would leave two ways around it: to map a new, writable table
 * over this one, and to have madvise() empty it once it is read-only.
 */
#define TYPES	(MSEAL_T_UPGRADE | MSEAL_T_UNMAP | MSEAL_T_DISCARD)

static size_t page_size;

static char *new_table(void)
{
	char *table = mmap(NULL, page_size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (table == MAP_FAILED)
		err(1, "mmap");
	return table;
}

static void seal(char *table)
{
	if (!mseal_types(table, page_size, TYPES, 0))
		return;
	switch (errno) {
	case ENOSYS:
		printf("nothing can seal here\n");
		exit(UNSUPPORTED);
	case EOPNOTSUPP:
		printf("this kernel can't let rights fall only\n");
		exit(UNSUPPORTED);
	default:
		err(1, "mseal_types");
	}
}

static void fall(char *table, int rights, const char *name)
{
	if (mprotect(table, page_size, rights))
		err(1, "%s", name);
	printf("%s: done\n", name);
}

static void rise(char *table, int rights, const char *name)
{
	if (!mprotect(table, page_size, rights))
		errx(1, "%s: done, though rights may only fall", name);
	if (errno != EPERM)
		err(1, "%s", name);
	printf("%s: refused\n", name);
}

int main(void)
{
	char *table;

	page_size = sysconf(_SC_PAGESIZE);
	table = new_table();
	seal(table);

	strcpy(table, "filled after the seal");
	printf("%s\n", table);

	fall(table, PROT_READ, "make it read-only");
	rise(table, PROT_READ | PROT_WRITE, "make it writable again");
	rise(table, PROT_READ | PROT_EXEC, "make it executable");
	if (!madvise(table, page_size, MADV_DONTNEED) || errno != EPERM)
		errx(1, "the table could be emptied");
	printf("still %s\n", table);

	fall(table, PROT_NONE, "close it");
	rise(table, PROT_READ, "open it again");
	return 0;
}
