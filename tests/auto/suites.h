/* SPDX-License-Identifier: GPL-2.0 */
/* The cases, a process each; those of a table once for each of its rows. */
#ifndef AUTO_SUITES_H
#define AUTO_SUITES_H

#include <check.h>
#include <stddef.h>

/**
 * struct test - of one kind
 * @name: in the case's name, in front of the row's
 * @fn: what CASE_FN() begins
 * @rows: table whose rows begin with their names, or NULL
 * @row_size: of one, in bytes
 * @nr_rows: how many
 */
struct test {
	const char *name;
	TFun fn;
	const void *rows;
	size_t row_size;
	int nr_rows;
};

struct suite {
	const char *name;
	void (*prepare)(void);
	const struct test *tests;
	size_t nr_tests;
};

#define CASE_FN(name)	static void name(int row __attribute__((unused)))

#define TEST(name)		{ #name, name, NULL, 0, 0 }
#define TABLE(name, rows)	{ #name, name, rows, sizeof(*(rows)), \
				  (int)(sizeof(rows) / sizeof(*(rows))) }

extern const struct suite policy_suite, refused_suite, config_suite, object_suite,
	dlopen_suite;

#endif /* AUTO_SUITES_H */
