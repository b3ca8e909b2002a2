// SPDX-License-Identifier: GPL-2.0
/* Private huge pages: a file to the kernel, and from a pool that may be empty. */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <sys/mman.h>

#include "hugetlb.h"
#include "limit_rows.h"
#include "mem.h"
#include "proc.h"
#include "report.h"

struct reader {
	struct gate gate;
	char *at;
	pid_t pid;
};

static struct reader reader;

void prepare_huge(char *at)
{
	hugetlb_map(at, 1);
	ck_assert_int_eq(mprotect(at, hugetlb_size(), PROT_READ), 0);
}

void discard_huge(char *at)
{
	ck_assert(is_present(at));
	if (madvise(at, hugetlb_size(), MADV_DONTNEED)) {
		ck_assert_int_eq(errno, EINVAL);
		skip("this kernel's MADV_DONTNEED doesn't know huge pages");
	}
}

/* A look at what it holds would take another one. */
bool huge_is_gone(char *at)
{
	return is_mapped(at) && !is_present(at);
}

void prepare_last_huge(char *at)
{
	hugetlb_map(at, 1);
	if (hugetlb_left())
		skip("there are more huge pages");
}

static void find_nothing(void *arg)
{
	struct reader *child = arg;

	gate_wait(&child->gate);
	ck_assert(nothing_behind(child->at));
}

/* The parent has a right to a copy, so the kernel takes the page from the child. */
void write_beside_child(char *at)
{
	reader.at = at;
	gate_init(&reader.gate);
	reader.pid = child_start(find_nothing, &reader);
	*(volatile char *)at = LIMIT_MARK;
	gate_open(&reader.gate);
}

bool missing_behind_child(char *at)
{
	child_wait(reader.pid);
	return *(volatile char *)at == LIMIT_MARK;
}
