// SPDX-License-Identifier: GPL-2.0
/* mseal_query() where the kernel seals: what is read out of /proc. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "test.h"

#define ROOM	4
#define PIDFD	9

/* Mappings as the kernel shows them, with fields before the flags. */
#define HEAD(range)	range " rw-p 00000000 00:00 0 \n"
#define FIELDS		"Size:                  4 kB\nRss:                   4 kB\n" \
			"Anonymous:             4 kB\nTHPeligible:           0\n"
#define FLAGS(flags)	"VmFlags: " flags " \n"
#define OPEN(range)	HEAD(range) FIELDS FLAGS("rd wr mr mw me ac sd")
#define SEALED(range)	HEAD(range) FIELDS FLAGS("rd wr mr mw me ac sd sl")

struct want {
	uintptr_t start, end;
};

static const struct row {
	const char *text;
	uintptr_t addr;
	size_t n;
	int nr;
	struct want want[ROOM];
} rows[] = {
	{ "", 0, ROOM, 0, { { 0 } } },
	{ OPEN("1000-2000"), 0, ROOM, 0, { { 0 } } },
	{ SEALED("1000-2000"), 0, ROOM, 1, { { 0x1000, 0x2000 } } },
	{ SEALED("7ffc9fa21000-7ffc9fa42000"), 0, ROOM, 1,
	  { { 0x7ffc9fa21000, 0x7ffc9fa42000 } } },
	{ SEALED("abcdef0123456000-fedcba9876543000"), 0, ROOM, 1,
	  { { 0xabcdef0123456000, 0xfedcba9876543000 } } },
	/* Neighbours are one, but for a hole. */
	{ SEALED("1000-2000") SEALED("2000-4000"), 0, ROOM, 1, { { 0x1000, 0x4000 } } },
	{ SEALED("1000-2000") SEALED("3000-4000"), 0, ROOM, 2,
	  { { 0x1000, 0x2000 }, { 0x3000, 0x4000 } } },
	{ SEALED("1000-2000") OPEN("2000-3000") SEALED("3000-4000"), 0, ROOM, 2,
	  { { 0x1000, 0x2000 }, { 0x3000, 0x4000 } } },
	{ OPEN("1000-2000") SEALED("2000-3000") OPEN("3000-4000"), 0, ROOM, 1,
	  { { 0x2000, 0x3000 } } },
	/* From an address on. */
	{ SEALED("1000-2000") SEALED("3000-5000"), 0x2000, ROOM, 1, { { 0x3000, 0x5000 } } },
	{ SEALED("1000-2000") SEALED("3000-5000"), 0x4005, ROOM, 1, { { 0x4005, 0x5000 } } },
	{ SEALED("1000-2000") SEALED("2000-5000"), 0x1fff, ROOM, 1, { { 0x1fff, 0x5000 } } },
	{ SEALED("1000-2000"), 0x2000, ROOM, 0, { { 0 } } },
	/* No more than there is room for, the last one to its end. */
	{ SEALED("1000-2000"), 0, 0, 0, { { 0 } } },
	{ SEALED("1000-2000") SEALED("2000-4000") SEALED("5000-6000"), 0, 1, 1,
	  { { 0x1000, 0x4000 } } },
	/* Flags and names that only look like it. */
	{ HEAD("1000-2000") FLAGS("sr sls slx lsl s l"), 0, ROOM, 0, { { 0 } } },
	{ HEAD("1000-2000") "VmFlags: sl\n", 0, ROOM, 1, { { 0x1000, 0x2000 } } },
	{ HEAD("1000-2000") "VmFlags: rd sl wr\n", 0, ROOM, 1, { { 0x1000, 0x2000 } } },
	{ HEAD("1000-2000") "VmFlags:\n", 0, ROOM, 0, { { 0 } } },
	{ HEAD("1000-2000") "VmFlag: sl\nVmFlagsX: sl\nFlags: sl\n" FLAGS("rd"), 0, ROOM,
	  0, { { 0 } } },
	{ "1000-2000 r--p 00000000 08:01 42   /tmp/VmFlags: sl 3000-4000\n" FLAGS("rd"), 0,
	  ROOM, 0, { { 0 } } },
	{ "1000-2000 r--p 00000000 08:01 42   /tmp/a\\012VmFlags: sl\n" FLAGS("sl"), 0,
	  ROOM, 1, { { 0x1000, 0x2000 } } },
	/* What later kernels may add, before the flags and behind them. */
	{ HEAD("1000-2000") "Fancy: sl\n" FLAGS("sl") "Dancy: 5 kB\n" OPEN("2000-3000"), 0,
	  ROOM, 1, { { 0x1000, 0x2000 } } },
};

static struct mseal_seal seals[ROOM + 1];

static void boot(const char *text)
{
	fake.release = "6.12.0";
	fake.native = 0;
	fake.smaps = text;
	fake_place(PIDFD, FAKE_PIDFD);
}

static void expect(int pidfd, const struct row *row)
{
	memset(seals, 0x55, sizeof(seals));
	errno = ERANGE;
	ck_assert_int_eq(mseal_query(pidfd, (void *)row->addr, seals, row->n), row->nr);
	ck_assert_int_eq(errno, ERANGE);
	for (int i = 0; i < row->nr; i++) {
		ck_assert_uint_eq((uintptr_t)seals[i].addr, row->want[i].start);
		ck_assert_uint_eq(seals[i].len, row->want[i].end - row->want[i].start);
		ck_assert_uint_eq(seals[i].types, MSEAL_T_NATIVE);
		ck_assert_uint_eq(seals[i].reported, 0);
	}
	ck_assert_uint_eq(seals[row->nr].types, 0x5555555555555555);
	ck_assert_int_eq(fake_count(FAKE_SMAPS) + fake_count(FAKE_THEIRS), 0);
	ck_assert_int_eq(fake_count(FAKE_FDINFO) + fake_count(FAKE_PIDINFO), 0);
	ck_assert_int_eq(fake.foreign, 0);
	ck_assert_int_eq(fake.opens, 0);
}

static void refuse(int pidfd, int want)
{
	errno = 0;
	ck_assert_int_eq(mseal_query(pidfd, NULL, seals, ROOM), -1);
	ck_assert_int_eq(errno, want);
	ck_assert_int_eq(fake_count(FAKE_SMAPS) + fake_count(FAKE_THEIRS), 0);
	ck_assert_int_eq(fake_count(FAKE_FDINFO) + fake_count(FAKE_PIDINFO), 0);
	ck_assert_int_eq(fake.foreign, 0);
}

static const struct row usual = {
	SEALED("1000-2000"), 0, ROOM, 1, { { 0x1000, 0x2000 } }
};

/* Whatever the pieces in which the kernel gives it. */
START_TEST(reads)
{
	const struct row *row = &rows[_i];

	/* A kernel whose process has no mapping at all says that it has ended. */
	boot(*row->text ? row->text : OPEN("1000-2000"));
	for (fake.chunk = 0; fake.chunk < 40; fake.chunk++) {
		expect(MSEAL_SELF, row);
		expect(PIDFD, row);
	}
	ck_assert_int_eq(fake.infos, 0);
}
END_TEST

START_TEST(long_line)
{
	static char text[20000];

	snprintf(text, sizeof(text), "1000-2000 r--p 00000000 08:01 42 /%0*d\n%s", 9000, 0,
		 FLAGS("sl"));
	boot(text);
	expect(MSEAL_SELF, &usual);
	expect(PIDFD, &usual);
}
END_TEST

static const struct pid_row {
	const char *pid;
	int want;
} pid_rows[] = {
	{ "77", 0 }, { "0", ESRCH }, { "-1", ESRCH }, { "", ESRCH },
};

START_TEST(number_decides)
{
	boot(usual.text);
	fake.pid = pid_rows[_i].pid;
	if (pid_rows[_i].want)
		refuse(PIDFD, pid_rows[_i].want);
	else
		expect(PIDFD, &usual);
}
END_TEST

START_TEST(no_process)
{
	static const enum fake_file files[] = { FAKE_NONE, FAKE_PLAIN, FAKE_MSEAL };

	boot(usual.text);
	fake_place(PIDFD, files[_i]);
	refuse(PIDFD, EBADF);
	refuse(-2, EBADF);
	fake_place(PIDFD, FAKE_PIDFD);
	expect(PIDFD, &usual);
}
END_TEST

START_TEST(no_proc)
{
	boot(NULL);
	refuse(MSEAL_SELF, ENOSYS);
	refuse(PIDFD, ENOSYS);
	fake_place(PIDFD, FAKE_NONE);
	refuse(PIDFD, EBADF);
}
END_TEST

/* The number may be somebody else's by the time when the list is opened. */
START_TEST(process_ends)
{
	boot(usual.text);
	fake.ended = _i;
	refuse(PIDFD, ESRCH);
	fake.opens_smaps = -ENOENT;
	fake.lives = 0;
	refuse(PIDFD, ESRCH);
	fake.opens_smaps = 0;
	expect(MSEAL_SELF, &usual);
}
END_TEST

#define PIECES 5

/* A list that breaks off is none, nor is one that nobody was left to confirm. */
START_TEST(memory_ends)
{
	boot(usual.text);
	fake.chunk = (int)strlen(usual.text) / PIECES + 1;
	fake.gone = _i;
	refuse(PIDFD, ESRCH);
	fake.gone = 0;
	expect(PIDFD, &usual);
}
END_TEST

static int of_opening(int err)
{
	switch (err) {
	case ENOENT: case EPERM: case EACCES:
		return EACCES;
	case EBADF: case ESRCH: case EOPNOTSUPP: case EOVERFLOW: case EINTR:
	case ENOMEM:
		return err;
	default:
		return ENOSYS;
	}
}

START_TEST(list_does_not_open)
{
	boot(usual.text);
	fake.opens_smaps = -_i;
	refuse(PIDFD, of_opening(_i));
	fake.opens_smaps = 0;
	expect(PIDFD, &usual);
}
END_TEST

START_TEST(reading_fails)
{
	static const int errors[][2] = {
		{ EINTR, EINTR }, { ENOMEM, ENOMEM }, { ESRCH, ESRCH },
		{ EACCES, EACCES }, { EIO, ENOSYS }, { EFAULT, ENOSYS },
	};

	boot(usual.text);
	fake.read_from = 30;
	fake.read = -errors[_i][0];
	refuse(MSEAL_SELF, errors[_i][1]);
	refuse(PIDFD, errors[_i][1]);
	fake.read_from = 0;
	fake.read = 0;
	expect(PIDFD, &usual);
}
END_TEST

static int nested_pidfd;
static long nested;

static void query_in_handler(void)
{
	struct mseal_seal seal;

	nested = mseal_query(nested_pidfd, NULL, &seal, 1);
	errno = ENOEXEC;
}

/* At any point a signal handler may ask as well. */
START_TEST(handler_asks)
{
	boot(usual.text);
	nested_pidfd = _i % 2 ? PIDFD : MSEAL_SELF;
	nested = 1;
	fake.hook = query_in_handler;
	fake.hook_at = _i / 2 + 1;
	expect(PIDFD, &usual);
	ck_assert_int_eq(nested, 1);
	ck_assert_int_ge(fake.calls, fake.hook_at);
}
END_TEST

TCase *smaps_case(void)
{
	TCase *tcase = tcase_create("smaps");

	tcase_add_loop_test(tcase, reads, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, long_line);
	tcase_add_loop_test(tcase, number_decides, 0,
			    sizeof(pid_rows) / sizeof(pid_rows[0]));
	tcase_add_loop_test(tcase, no_process, 0, 3);
	tcase_add_test(tcase, no_proc);
	tcase_add_loop_test(tcase, process_ends, 1, 3);
	tcase_add_loop_test(tcase, memory_ends, 1, PIECES + 3);
	tcase_add_loop_test(tcase, list_does_not_open, 1, EHWPOISON + 1);
	tcase_add_loop_test(tcase, reading_fails, 0, 6);
	tcase_add_loop_test(tcase, handler_asks, 0, 2 * 10);
	return tcase;
}
