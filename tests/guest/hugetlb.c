// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hugetlb.h"
#include "report.h"

#define SURPLUS	"/proc/sys/vm/nr_overcommit_hugepages"

static long read_number(const char *path, const char *format)
{
	FILE *file = fopen(path, "re");
	long number = -1;
	char text[256];

	while (file && number < 0 && fgets(text, sizeof(text), file))
		sscanf(text, format, &number);
	if (file)
		fclose(file);
	return number;
}

size_t hugetlb_size(void)
{
	long kb = read_number("/proc/meminfo", "Hugepagesize: %ld");

	return kb > 0 ? kb * 1024UL : 2UL << 20;
}

static void write_surplus(long pages)
{
	FILE *file = fopen(SURPLUS, "we");

	if (!file)
		return;
	fprintf(file, "%ld\n", pages);
	fclose(file);
}

void hugetlb_map(char *at, size_t pages)
{
	long surplus = read_number(SURPLUS, "%ld");
	size_t len = pages * hugetlb_size();
	char *got;

	/* Root may borrow pages; they go back when the mapping ends. */
	write_surplus(surplus + (long)pages);
	got = mmap(at, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS |
		   MAP_HUGETLB | MAP_FIXED, -1, 0);
	if (got == at)
		memset(at, 0x77, len);
	write_surplus(surplus);
	if (got == MAP_FAILED)
		skip("no huge pages to be had (%s)", strerror(errno));
	ck_assert_ptr_eq(got, at);
}
