// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "report.h"
#include "tracefs.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"
#define FAIL_NTH	"/proc/thread-self/fail-nth"

void fault_need(void)
{
	need_root();
	if (access(FAIL_NTH, W_OK) || access(FAILSLAB "cache-filter", W_OK))
		skip("this kernel fails no allocations on request");
}

static void put(const char *path, const char *text)
{
	ck_assert_msg(file_write(path, text) == 0, "can't write %s", path);
}

void fault_show(bool stacks)
{
	put(FAILSLAB "verbose", stacks ? "2" : "1");
}

void fault_scope(enum fault_scope scope)
{
	/* Which ones tells slub_debug=A on the kernel's command line. */
	put(FAILSLAB "ignore-gfp-wait", "N");
	put(FAILSLAB "cache-filter", scope == FAULT_NAMED ? "Y" : "N");
}

/* Open all the while, since to open it takes memory. */
static int nth_file = -1;

void fault_begin(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	nth_file = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	ck_assert_int_ge(nth_file, 0);
	/* An assertion would write, too, and this memory isn't meant. */
	if (write(nth_file, text, len) != len)
		ck_abort_msg("can't write %s", FAIL_NTH);
}

unsigned int fault_end(void)
{
	char text[16] = "";
	ssize_t len = pread(nth_file, text, sizeof(text) - 1, 0);

	ck_assert_int_eq(pwrite(nth_file, "0", 1, 0), 1);
	ck_assert_int_gt(len, 0);
	close(nth_file);
	return strtoul(text, NULL, 10);
}
