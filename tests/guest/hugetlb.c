// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "hugetlb.h"
#include "proc.h"
#include "report.h"

#define SURPLUS	"/proc/sys/vm/nr_overcommit_hugepages"

size_t hugetlb_size(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char text[256];
	size_t kb = 0;

	ck_assert_ptr_nonnull(file);
	while (!kb && fgets(text, sizeof(text), file))
		sscanf(text, "Hugepagesize: %zu", &kb);
	fclose(file);
	if (!kb)
		skip("no hugetlb");
	return kb << 10;
}

void hugetlb_map(char *at, size_t pages)
{
	long surplus = file_number(SURPLUS);
	size_t len = pages * hugetlb_size();
	int error = 0;
	char *got;

	/* Root may borrow pages; they go back when the mapping ends. */
	file_set_number(SURPLUS, surplus + (long)pages);
	got = mmap(at, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
		   MAP_HUGETLB | MAP_FIXED, -1, 0);
	if (got == MAP_FAILED)
		error = errno;
	else
		memset(got, 0x77, len);
	file_set_number(SURPLUS, surplus);
	if (error)
		skip("no huge pages to be had (%s)", strerror(error));
	ck_assert_ptr_eq(got, at);
}
