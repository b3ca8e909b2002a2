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

/* A number of /proc/meminfo, without its unit; 0 where there is none. */
static size_t meminfo(const char *name)
{
	FILE *file = fopen("/proc/meminfo", "re");
	size_t length = strlen(name), number = 0;
	char text[256];

	ck_assert_ptr_nonnull(file);
	while (fgets(text, sizeof(text), file))
		if (!strncmp(text, name, length) && text[length] == ':')
			sscanf(text + length, ": %zu", &number);
	fclose(file);
	return number;
}

size_t hugetlb_size(void)
{
	size_t kb = meminfo("Hugepagesize");

	if (!kb)
		skip("no hugetlb");
	return kb << 10;
}

bool hugetlb_left(void)
{
	return meminfo("HugePages_Free") > meminfo("HugePages_Rsvd") ||
	       file_number(SURPLUS) > (long)meminfo("HugePages_Surp");
}

void hugetlb_map(char *at, size_t pages)
{
	long surplus = file_number(SURPLUS);
	size_t len = pages * hugetlb_size();
	int error = 0;
	char *got;

	/* Root may borrow pages; they go back when the mapping ends. */
	file_set_number(SURPLUS, surplus + (long)(meminfo("HugePages_Surp") + pages));
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
