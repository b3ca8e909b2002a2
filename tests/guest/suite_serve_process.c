// SPDX-License-Identifier: GPL-2.0
/*
 * System call 462 in processes that know nothing of this: what the filter leaves
 * them of their rights, and a program without any library.  Holds natively, too.
 */
#define _GNU_SOURCE
#include <linux/prctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "filter.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#define NO_EXEC		78

extern const char nolibc[], nolibc_end[];

/* The lines that tell what a process may still gain, and how it speculates. */
static void read_status(char *to, size_t size)
{
	static const char *const wanted[] = { "NoNewPrivs:", "Speculation", "Cap" };
	FILE *status = fopen("/proc/thread-self/status", "re");
	size_t used = 0, i;
	char line[128];

	ck_assert_ptr_nonnull(status);
	while (fgets(line, sizeof(line), status))
		for (i = 0; i < ARRAY_SIZE(wanted); i++)
			if (!strncmp(line, wanted[i], strlen(wanted[i])) &&
			    used < size)
				used += snprintf(to + used, size - used, "%s", line);
	fclose(status);
	ck_assert_uint_gt(used, 0);
	ck_assert_uint_lt(used, size);
}

static void state_stays(int row)
{
	static const int kinds[] = { PR_SPEC_STORE_BYPASS, PR_SPEC_INDIRECT_BRANCH };
	char before[1024], after[1024];
	int spec[ARRAY_SIZE(kinds)], privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	size_t i;

	(void)row;
	need_root();
	ck_assert_int_eq(privs, 0);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		spec[i] = prctl(PR_GET_SPECULATION_CTRL, kinds[i], 0, 0, 0);
	read_status(before, sizeof(before));
	layout_map(arena, "ww");
	filter_allow_all();
	ck_assert_int_eq(entry_call(CALL_MSEAL, arena, page, 0L), 0);
	ck_assert_int_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		ck_assert_int_eq(prctl(PR_GET_SPECULATION_CTRL, kinds[i], 0, 0, 0),
				 spec[i]);
	read_status(after, sizeof(after));
	ck_assert_str_eq(before, after);
	layout_expect_sealed(arena, "Ww");
	expect_refused(arena);
	expect_free(arena + page);
}

static void execute_nolibc(void *arg)
{
	char *argv[] = { "nolibc", NULL };

	filter_allow_all();
	fexecve(*(int *)arg, argv, environ);
	_exit(NO_EXEC);
}

/* A program that was linked before anybody thought of sealing. */
static void without_libc(int row)
{
	size_t len = nolibc_end - nolibc;
	int fd = memfd_create("nolibc", 0), status;

	(void)row;
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, nolibc, len), len);
	status = wait_status(child_start(execute_nolibc, &fd));
	ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status),
		      "nolibc ended with wait status %#x", status);
}

static const struct test_case cases[] = {
	CASE(state_stays),
	CASE(without_libc),
};

SUITE(serve_process, cases, ENTRY_USUAL);
