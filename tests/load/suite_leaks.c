// SPDX-License-Identifier: GPL-2.0
/* Nothing is left behind by the module's life, as kmemleak sees it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "modules.h"
#include "report.h"
#include "sealed.h"
#include "suites.h"
#include "tracefs.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define CYCLES		3
/* It believes in no leak younger than 5 s. */
#define AGE		6

static void scan(void)
{
	ck_assert_int_eq(file_write(KMEMLEAK, "scan"), 0);
}

/* What is found missing, as a list of places. */
static void expect_no_leaks(void)
{
	static char list[8192];
	int fd = open(KMEMLEAK, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	ck_assert_int_ge(fd, 0);
	len = read(fd, list, sizeof(list) - 1);
	close(fd);
	ck_assert_int_ge(len, 0);
	list[len] = '\0';
	ck_assert_msg(!len, "leaks:\n%s", list);
}

static void life_of_the_module(int row)
{
	int i;

	(void)row;
	need_boot_word("kmemleak=on");
	for (i = 0; i < CYCLES; i++) {
		mseal_load();
		seal_and_exit();
		mseal_unload();
	}
	sleep(AGE);
	/* What moves from list to list may hide from one look. */
	scan();
	scan();
	expect_no_leaks();
	note("%d lives of the module, no leak", CYCLES);
}

static const struct test_case cases[] = {
	LONG_CASE(life_of_the_module, 600),
};

SUITE(leaks, cases, ENTRY_USUAL);
