// SPDX-License-Identifier: GPL-2.0
/*
 * Kernels whose BTF describes a hooked function otherwise, whatever its type is
 * made of, or makes no sense: what the reader's own tests know of it holds inside
 * the kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules.h"
#include "report.h"
#include "samples.h"
#include "suites.h"

#define BTF		"/sys/kernel/btf"
#define VMLINUX		BTF "/vmlinux"
/* What the module takes for too much. */
#define TOO_MUCH	((64L << 20) + 1)

/* The first that is checked. */
static const char *function;

/* BTF that this process alone sees, which is the one that loads the module. */
static void prepare(void)
{
	static struct hooks hooks;

	mseal_load();
	hooks_ask(&hooks);
	mseal_unload();
	function = hooks.hook[0].function;
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(mount("none", BTF, "tmpfs", 0, NULL), 0);
}

static void put(const void *data, size_t size)
{
	int fd = open(VMLINUX, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ck_assert_msg(fd >= 0, "%s: %s", VMLINUX, strerror(errno));
	ck_assert_int_eq(write(fd, data, size), size);
	close(fd);
}

static void put_blob(struct blob *blob)
{
	size_t size;
	uint8_t *data = blob_finish(blob, &size);

	put(data, size);
	free(data);
}

/* As samples spell it, but for the name; a long one is cut. */
static void spell(char words[static 256], const char *prototype)
{
	const char *name = strstr(prototype, "f(");

	while (name > prototype && name[-1] != ' ' && name[-1] != '*')
		name = strstr(name + 1, "f(");
	snprintf(words, 200, "not loading: %s() is \"%.*s%s%s", function,
		 (int)(name - prototype), prototype, function, name + 1);
}

static void each_prototype(int row)
{
	char words[256];
	size_t i;

	(void)row;
	prepare();
	for (i = 0; i < nr_samples; i++) {
		struct blob *blob = blob_new();

		blob_func(blob, function, samples[i].proto(blob));
		put_blob(blob);
		spell(words, samples[i].prototype);
		mseal_load_refused("", ENODEV, words);
	}
	note("kept out by %zu prototypes", nr_samples);
}

static void two_of_a_name(struct blob *blob)
{
	uint32_t number = blob_int(blob, "int");

	blob_func(blob, function, blob_proto(blob, 0, 0, NULL));
	blob_func(blob, function, blob_proto(blob, number, 0, NULL));
	blob_func(blob, function, blob_proto(blob, 0, 0, NULL));
}

static void longer_than_any(struct blob *blob)
{
	static struct blob_parameter many[1000];
	uint32_t number = blob_int(blob, "int");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i].type = number;
	blob_func(blob, function, blob_proto(blob, 0, ARRAY_SIZE(many), many));
}

static void same_beginning(struct blob *blob)
{
	uint32_t number = blob_int(blob, "int");

	blob_func(blob, function, blob_proto(blob, 0, 0, NULL));
	blob_func(blob, function, blob_proto(blob, 0, blob_params({ number, "p" })));
}

static void no_prototype(struct blob *blob)
{
	blob_func(blob, function, blob_int(blob, "int"));
}

static void no_such_type(struct blob *blob)
{
	blob_func(blob, function, 77);
}

static void no_name(struct blob *blob)
{
	uint32_t nameless = blob_type(blob, MSEAL_BTF_TYPEDEF, NULL, 0, 0);

	blob_func(blob, function, blob_proto(blob, nameless, 0, NULL));
}

static void string_beyond(struct blob *blob)
{
	blob_record(blob, 1 << 20, MSEAL_BTF_FUNC << 24, 0);
}

static void record_of_no_kind(struct blob *blob)
{
	blob_int(blob, "int");
	blob_record(blob, 0, 31U << 24, 0);
}

static void record_cut(struct blob *blob)
{
	blob_type(blob, MSEAL_BTF_FUNC_PROTO, NULL, 100, 0);
}

static void odd_bits(struct blob *blob)
{
	blob_record(blob, 0, 1U << 16 | (uint32_t)MSEAL_BTF_INT << 24, 4);
}

/* A function can't return one. */
static void variable_returned(struct blob *blob)
{
	uint32_t var = blob_type(blob, MSEAL_BTF_VAR, "v", 0, 0);

	blob_word(blob, 1);
	blob_func(blob, function, blob_proto(blob, var, 0, NULL));
}

static void points_to_itself(struct blob *blob)
{
	uint32_t pointer = blob_to(blob, MSEAL_BTF_PTR, 1);

	blob_func(blob, function, blob_proto(blob, pointer, 0, NULL));
}

static void dots_in_between(struct blob *blob)
{
	uint32_t number = blob_int(blob, "int");

	blob_func(blob, function, blob_proto(blob, 0, blob_params({ 0, NULL },
								  { number, "p" })));
}

/* Takes a function that takes a function, and so on. */
static void too_deep(struct blob *blob)
{
	uint32_t type = blob_int(blob, "int");
	int i;

	for (i = 0; i < 8; i++)
		type = blob_callback(blob, 0, 1, &type);
	blob_func(blob, function, blob_proto(blob, 0, blob_params({ type, "p" })));
}

#define SENSELESS	EINVAL, "can't read the kernel's BTF|error -22"
#define SEVERAL		ENODEV, "has several prototypes"

static const struct blob_row {
	const char *name;
	void (*make)(struct blob *blob);
	int want;
	const char *words;
} blob_rows[] = {
	{ "two of a name", two_of_a_name, SEVERAL },
	{ "two that begin alike", same_beginning, SEVERAL },
	{ "longer than any", longer_than_any, ENODEV, "() is \"" },
	{ "no prototype", no_prototype, SENSELESS },
	{ "no such type", no_such_type, SENSELESS },
	{ "no name", no_name, SENSELESS },
	{ "string beyond the end", string_beyond, SENSELESS },
	{ "record of no kind", record_of_no_kind, SENSELESS },
	{ "record cut", record_cut, SENSELESS },
	{ "odd bits", odd_bits, SENSELESS },
	{ "variable returned", variable_returned, SENSELESS },
	{ "points to itself", points_to_itself, SENSELESS },
	{ "dots in between", dots_in_between, SENSELESS },
	{ "too deep", too_deep, SENSELESS },
};

static void made(int row)
{
	struct blob *blob = blob_new();
	char words[128];

	prepare();
	blob_rows[row].make(blob);
	put_blob(blob);
	snprintf(words, sizeof(words), "not loading: |%s", blob_rows[row].words);
	mseal_load_refused("", blob_rows[row].want, words);
}

static void put_much(void)
{
	put("", 0);
	ck_assert_int_eq(truncate(VMLINUX, TOO_MUCH), 0);
}

/* With something in it, or it would be as good as an empty file. */
static void put_directory(void)
{
	ck_assert_int_eq(mkdir(VMLINUX, 0755), 0);
	ck_assert_int_eq(mkdir(VMLINUX "/inside", 0755), 0);
}

static const struct file_row {
	const char *name;
	void (*put)(void);
	int want;
} file_rows[] = {
	{ "too much", put_much, EFBIG },
	{ "directory", put_directory, EINVAL },
};

static void unreadable(int row)
{
	char words[128];

	prepare();
	file_rows[row].put();
	snprintf(words, sizeof(words), "not loading: |can't read the kernel's BTF|error -%d",
		 file_rows[row].want);
	mseal_load_refused("", file_rows[row].want, words);
}

static const struct test_case cases[] = {
	LONG_CASE(each_prototype, 300),
	ROWS(made, blob_rows),
	ROWS(unreadable, file_rows),
};

SUITE(kernel_btf, cases, ENTRY_USUAL);
