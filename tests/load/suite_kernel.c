// SPDX-License-Identifier: GPL-2.0
/*
 * Kernels that aren't those which the hooks were written for: kept out, unless
 * the administrator wants the module all the same.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "device.h"
#include "footprint.h"
#include "image.h"
#include "kmsg.h"
#include "mem.h"
#include "modules.h"
#include "report.h"
#include "sealed.h"
#include "sealer.h"
#include "suites.h"
#include "target.h"

#define MODULE		"/mseal.ko"
/* The same, built for a line of kernels that no test boots. */
#define OTHER_LINE	"mseal_line"
#define BTF		"/sys/kernel/btf"
#define OVERRIDES	(MSEAL_STATE_UNTESTED | MSEAL_STATE_UNCHECKED)

static void expect_overrides(uint64_t want)
{
	sealer_open();
	ck_assert_uint_eq(device_info().state & OVERRIDES, want);
	sealer_close();
}

/* Loaded, with the line that warns of it, and it works. */
static void expect_accepted(int err, uint64_t want, const char *words)
{
	ck_assert_msg(!err, "loading: %s; log:\n%s", strerror(err), kmsg_since());
	kmsg_expect_words(words);
	kmsg_expect_words("mseal: version|functions guarded");
	ck_assert_int_eq(sealer_find(), SEALER_DEVICE);
	expect_overrides(want);
	seal_and_exit();
}

static void image_refused(const struct image *image, const char *words)
{
	struct footprint *before = footprint_take();

	kmsg_mark();
	ck_assert_int_eq(image_load(image, ""), ENODEV);
	kmsg_expect_line(words);
	footprint_expect_same(before);
}

static void spoilt(const char *function)
{
	struct image image = image_read(MODULE);
	char words[256];

	/* It is what loads when nothing is wrong with it. */
	ck_assert_int_eq(image_load(&image, ""), 0);
	expect_overrides(0);
	mseal_unload();

	snprintf(words, sizeof(words), "not loading: %s() is \"|expects \"%.80s|(unchecked=1",
		 function, image_spoil(&image, function));
	image_refused(&image, words);

	kmsg_mark();
	snprintf(words, sizeof(words), "UNCHECKED: %s() is \"", function);
	expect_accepted(image_load(&image, "unchecked=1"), MSEAL_STATE_UNCHECKED,
			words);
	mseal_unload();
	free(image.data);
}

static void other_prototype(int row)
{
	struct hooks hooks;
	unsigned int i;

	(void)row;
	mseal_load();
	hooks_ask(&hooks);
	mseal_unload();
	for (i = 0; i < hooks.nr; i++)
		spoilt(hooks.hook[i].function);
	note("kept out by another prototype of each of %u functions", hooks.nr);
}

static void expect_queries(long of_a_process)
{
	int pidfd = target_open(getpid());
	struct mseal_record record;

	sealer_open();
	ck_assert_int_eq(target_query(MSEAL_QUERY_SELF, NULL, &record, 1), 0);
	ck_assert_int_eq(target_query(pidfd, NULL, &record, 1), of_a_process);
	sealer_close();
	close(pidfd);
}

static const struct call_row {
	const char *name;
} call_rows[] = {
	{ "pidfd_get_pid" }, { "mm_access" },
};

/* What the module can do without it does without. */
static void other_call(int row)
{
	const char *function = call_rows[row].name;
	struct image image = image_read(MODULE);
	char words[128];

	kmsg_mark();
	ck_assert_int_eq(image_load(&image, ""), 0);
	kmsg_expect_line("version");
	expect_queries(0);
	mseal_unload();

	image_spoil(&image, function);
	kmsg_mark();
	snprintf(words, sizeof(words), "no queries of other processes: |%s", function);
	expect_accepted(image_load(&image, ""), 0, words);
	expect_queries(-EOPNOTSUPP);
	mseal_unload();
	free(image.data);
}

/*
 * The module looks for another function than it means.  Its type isn't what is
 * expected of it, which is overridden, so that what comes afterwards is seen.
 */
static const struct name_row {
	const char *name;
	const char *guard;	/* whose function it is, or NULL */
	const char *from, *to;
	int want;
	const char *words;
} name_rows[] = {
	{ "none of the name", "protect", NULL, "mprotect_fixed", ENOENT,
	  "this kernel has 0 functions named mprotect_fixed()" },
	{ "in pieces", "protect", NULL, "vfs_statfs", ENOENT,
	  "this kernel has vfs_statfs() in 1 more pieces" },
	{ "not to be traced", "protect", NULL, "exc_int3", EINVAL,
	  "exc_int3() can't be traced" },
	{ "another function", "drop pages", NULL, "__x64_sys_sync", ENODEV,
	  "a test seal didn't hold|discards refused 0" },
	{ "as if native", NULL, "__x64_sys_mseal", "__x64_sys_sync", ENODEV,
	  "this kernel has mseal(2) of its own" },
	{ "no symbols", NULL, "kallsyms_on_each_symbol", "kallsyms_on_no_symbol",
	  ENOENT, "can't read the kernel's symbols|error -2" },
};

static const char *guarded(const char *guard)
{
	static struct hooks hooks;
	unsigned int i;

	hooks_ask(&hooks);
	for (i = 0; i < hooks.nr; i++)
		if (!strcmp(hooks.hook[i].guard, guard))
			return hooks.hook[i].function;
	ck_abort_msg("no guard %s", guard);
}

static void other_name(int row)
{
	const struct name_row *r = &name_rows[row];
	struct image image = image_read(MODULE);
	const char *from = r->from;
	struct footprint *before;
	char words[128];

	ck_assert_int_eq(image_load(&image, "unchecked=1"), 0);
	if (r->guard)
		from = guarded(r->guard);
	mseal_unload();

	before = footprint_take();
	image_rename(&image, from, r->to);
	kmsg_mark();
	ck_assert_int_eq(image_load(&image, "unchecked=1"), r->want);
	snprintf(words, sizeof(words), "mseal: not loading: |%s", r->words);
	kmsg_expect_words(words);
	footprint_expect_same(before);
	free(image.data);
}

/* What needs no override has none. */
static void needless_overrides(int row)
{
	(void)row;
	ck_assert_int_eq(module_load("mseal", "unchecked=1 untested=1"), 0);
	ck_assert_int_eq(sealer_find(), SEALER_DEVICE);
	expect_overrides(0);
	seal_and_exit();
}

static void write_file(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	ck_assert_int_eq(write(fd, data, size), size);
	close(fd);
}

/* Well-formed, but there is nothing in it. */
static const struct {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t len, types_off, types_len, strings_off, strings_len;
	char strings[1];
} empty = { .magic = 0xeb9f, .version = 1, .len = 24, .strings_len = 1 };

static const struct btf_row {
	const char *name;
	const void *data;
	size_t size;
	const char *words;
} btf_rows[] = {
	{ "absent", NULL, 0, "can't read the kernel's BTF|error -2" },
	{ "no bytes", "", 0, "can't read the kernel's BTF|error -22" },
	{ "garbage", "garbage, but long enough to hold a header", 41,
	  "can't read the kernel's BTF|error -22" },
	{ "empty", &empty, 25, "isn't in the kernel's BTF" },
};

/* Seen by this process only, which is the one that loads the module. */
static void hide_btf(const struct btf_row *r)
{
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(mount("none", BTF, "tmpfs", 0, NULL), 0);
	if (r->data)
		write_file(BTF "/vmlinux", r->data, r->size);
}

static void other_btf(int row)
{
	const struct btf_row *r = &btf_rows[row];
	char words[128];

	hide_btf(r);
	snprintf(words, sizeof(words), "not loading: |(unchecked=1|%s", r->words);
	mseal_load_refused("", r->data == &empty ? ENODEV : r->data ? EINVAL : ENOENT,
			   words);
	kmsg_mark();
	snprintf(words, sizeof(words), "UNCHECKED: |%s", r->words);
	expect_accepted(module_load("mseal", "unchecked=1"), MSEAL_STATE_UNCHECKED,
			words);
}

static void other_line(int row)
{
	struct image image = image_read("/" OTHER_LINE ".ko");

	(void)row;
	image_refused(&image, "not loading: |no test has been run|(untested=1");
	kmsg_mark();
	expect_accepted(module_load(OTHER_LINE, "untested=1"), MSEAL_STATE_UNTESTED,
			"UNTESTED: |no test has been run");
	free(image.data);
}

static const struct test_case cases[] = {
	LONG_CASE(other_prototype, 300),
	ROWS(other_call, call_rows),
	ROWS(other_name, name_rows),
	CASE(needless_overrides),
	ROWS(other_btf, btf_rows),
	CASE(other_line),
};

SUITE(kernel, cases, ENTRY_USUAL);
