// SPDX-License-Identifier: GPL-2.0
/* Which of system call and device is asked, and with what. */
#include "test.h"

static const struct release {
	const char *name;
	int has_call;
} releases[] = {
	{ "6.10", 1 }, { "6.10.0", 1 }, { "6.10-rc1", 1 }, { "6.10.3-amd64", 1 },
	{ "6.12.117+deb12-amd64", 1 }, { "6.99", 1 }, { "6.100.1", 1 },
	{ "7.0", 1 }, { "7.0.0-rc3+", 1 }, { "10.1", 1 }, { "6.10+", 1 },

	{ "6.9", 0 }, { "6.9.12", 0 }, { "6.1", 0 }, { "6.1.0-56-amd64", 0 },
	{ "6.1.10", 0 }, { "6.0.10", 0 }, { "5.10.0", 0 }, { "5.10.0-34-amd64", 0 },
	{ "5.19", 0 }, { "4.19.0", 0 }, { "2.6.60+6.10", 0 }, { "3.10", 0 },

	{ "", 0 }, { "6", 0 }, { "6.", 0 }, { "7", 0 }, { "7.", 0 }, { "7.x", 0 },
	{ ".10", 0 }, { "6..10", 0 }, { "6,10", 0 }, { "x6.10", 0 }, { " 6.10", 0 },
	{ "-6.10", 0 }, { "+6.10", 0 }, { "6.-10", 0 }, { "6. 10", 0 }, { "6x.10", 0 },
	{ "v6.10", 0 }, { "6.x10", 0 }, { "linux", 0 }, { "0.0", 0 },
	{ "4294967302.10", 0 }, { "6.4294967306", 0 }, { "99999.1", 0 },
	{ "18446744073709551622.10", 0 }, { NULL, 0 },
};

/* Answered by a kernel that has the call, so that only the number decides. */
START_TEST(call_follows_release)
{
	fake.release = releases[_i].name;
	fake.native = 0;
	ck_seals();
	ck_assert_int_eq(fake.natives, releases[_i].has_call);
	ck_assert_int_eq(fake.seals, !releases[_i].has_call);
	ck_backend(releases[_i].has_call ? MSEAL_BACKEND_NATIVE : MSEAL_BACKEND_DEVICE, 0);
	ck_assert_int_eq(fake.natives, 2 * releases[_i].has_call);
}
END_TEST

START_TEST(old_kernel_never_gets_the_call)
{
	fake.open = -ENOENT;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, ENOENT);
	fake.open = 0;
	ck_seals();
	ck_seals();
	fake.seal = -ENOSYS;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_DEVICE, 0);
	ck_assert_int_eq(mseal_use_fd(mseal_open()), 0);
	ck_refuses(ENOSYS);
	ck_assert_int_eq(fake.natives, 0);
}
END_TEST

START_TEST(arguments_reach_device)
{
	ck_assert_int_eq(mseal((void *)0xfffffff1, (size_t)-5, 0x80000001UL), 0);
	ck_assert_uint_eq(fake_range.size, sizeof(struct mseal_range));
	ck_assert_uint_eq(fake_range.reserved, 0);
	ck_assert_uint_eq(fake_range.addr, 0xfffffff1);
	ck_assert_uint_eq(fake_range.len, (size_t)-5);
	ck_assert_uint_eq(fake_range.flags, 0x80000001UL);
	ck_assert_uint_eq(fake_range.types, MSEAL_T_PROTECT | MSEAL_T_UNMAP |
					    MSEAL_T_REMAP | MSEAL_T_DISCARD);
}
END_TEST

START_TEST(arguments_reach_call)
{
	fake.release = "6.12.0";
	fake.native = 0;
	ck_assert_int_eq(mseal((void *)0xfffffff1, (size_t)-5, 0x80000001UL), 0);
	ck_assert_uint_eq(fake_range.addr, 0xfffffff1);
	ck_assert_uint_eq(fake_range.len, (size_t)-5);
	ck_assert_uint_eq(fake_range.flags, 0x80000001UL);
	ck_assert_int_eq(fake.opens, 0);
}
END_TEST

static const int refusals[] = { -ENOSYS, -EPERM, -EACCES };

START_TEST(refused_call_goes_to_device)
{
	fake.release = "6.12.0";
	fake.native = refusals[_i];
	ck_seals();
	ck_assert_int_eq(fake.natives, 1);
	ck_assert_int_eq(fake.seals, 1);
	ck_backend(MSEAL_BACKEND_DEVICE, 0);
	ck_holds_one();
}
END_TEST

START_TEST(refused_call_without_device)
{
	fake.release = "6.12.0";
	fake.native = refusals[_i];
	fake.open = -ENOENT;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, -refusals[_i]);
	fake.open = -EMFILE;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, EMFILE);
}
END_TEST

/* A refusal isn't remembered either. */
START_TEST(call_is_tried_again)
{
	fake.release = "6.12.0";
	ck_seals();
	fake.native = 0;
	ck_seals();
	ck_assert_int_eq(fake.natives, 2);
	ck_assert_int_eq(fake.seals, 1);
}
END_TEST

START_TEST(report_decides)
{
	static const struct {
		uint64_t state, types;
		int backend, why;
	} rows[] = {
		{ MSEAL_STATE_LIVE | MSEAL_STATE_NEW_SEALS, MSEAL_T_NATIVE,
		  MSEAL_BACKEND_DEVICE, 0 },
		{ ~0ULL, ~0ULL, MSEAL_BACKEND_DEVICE, 0 },
		{ MSEAL_STATE_NEW_SEALS, MSEAL_T_NATIVE, MSEAL_BACKEND_NONE, ENODEV },
		{ MSEAL_STATE_LIVE, MSEAL_T_NATIVE, MSEAL_BACKEND_NONE, ENOSYS },
		{ 0, MSEAL_T_NATIVE, MSEAL_BACKEND_NONE, ENODEV },
		{ MSEAL_STATE_LIVE | MSEAL_STATE_NEW_SEALS,
		  MSEAL_T_NATIVE & ~MSEAL_T_DISCARD, MSEAL_BACKEND_NONE, EOPNOTSUPP },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fake.report.state = rows[i].state;
		fake.report.types = rows[i].types;
		ck_backend(rows[i].backend, rows[i].why);
		ck_assert_int_eq(mseal_backend(NULL), rows[i].backend);
	}
	ck_assert_int_eq(fake.seals, 0);
	ck_assert_int_eq(fake.opens, 1);
}
END_TEST

/* Asking must not seal: the probe is a call that seals nothing. */
START_TEST(native_probe_is_empty)
{
	fake.release = "6.12.0";
	fake.native = 0;
	fake_range.len = 1;
	ck_backend(MSEAL_BACKEND_NATIVE, 0);
	ck_assert_uint_eq(fake_range.len, 0);
	ck_assert_uint_eq(fake_range.flags, 0);
	ck_assert_uint_eq(fake_range.addr, 0);
	ck_assert_int_eq(fake.opens, 0);
}
END_TEST

static void boot_filtered(int child)
{
	fake.release = "6.12.0";
	fake.native = 0;
	fake.filtered = true;
	fake.child = child;
}

/* Whoever is not filtered pays for no child, even if a filter comes later. */
START_TEST(unfiltered_call_takes_no_child)
{
	boot_filtered(0);
	fake.filtered = false;
	ck_seals();
	fake.filtered = true;
	ck_seals();
	ck_assert_int_eq(fake.children, 0);
	ck_assert_int_eq(fake.natives, 2);
}
END_TEST

START_TEST(one_child_is_enough)
{
	boot_filtered(1);
	ck_seals();
	ck_backend(MSEAL_BACKEND_NATIVE, 0);
	ck_seals();
	ck_assert_int_eq(fake.children, 1);
	ck_assert_int_eq(fake.natives, 3);
	ck_assert_int_eq(fake.seals, 0);
}
END_TEST

/* Not even when it would pass: the filter of the first call is never lifted. */
START_TEST(child_is_killed)
{
	boot_filtered(0);
	ck_seals();
	ck_backend(MSEAL_BACKEND_DEVICE, 0);
	fake.open = -ENOENT;
	fake_place(fake_find(FAKE_MSEAL), FAKE_NONE);
	fake.child = 1;
	fake.filtered = false;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, ENOSYS);
	ck_assert_int_eq(mseal_types(ADDR, PAGE, MSEAL_T_NATIVE, 0), -1);
	ck_assert_int_eq(mseal_query(MSEAL_SELF, NULL, NULL, 0), -1);
	ck_assert_int_eq(fake.children, 1);
	ck_assert_int_eq(fake.natives, 0);
}
END_TEST

static const int childless[] = { -EAGAIN, -ENOMEM, -EPERM, -ENOSYS, -ECHILD };

START_TEST(no_child_to_be_had)
{
	boot_filtered(childless[_i]);
	fake.open = -ENOENT;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, ENOSYS);
	ck_assert_int_eq(fake.children, 2);
	ck_assert_int_eq(fake.natives, 0);
	fake.child = 1;
	ck_seals();
	ck_assert_int_eq(fake.children, 3);
	ck_assert_int_eq(fake.natives, 1);
}
END_TEST

START_TEST(old_kernel_takes_no_child)
{
	fake.filtered = true;
	fake.child = 0;
	ck_seals();
	ck_backend(MSEAL_BACKEND_DEVICE, 0);
	ck_assert_int_eq(fake.children, 0);
}
END_TEST

START_TEST(version_is_the_release)
{
	ck_assert_str_eq(mseal_version(), EXPECTED_VERSION);
}
END_TEST

TCase *backend_case(void)
{
	TCase *tcase = tcase_create("backend");

	tcase_add_loop_test(tcase, call_follows_release, 0,
			    sizeof(releases) / sizeof(releases[0]));
	tcase_add_test(tcase, old_kernel_never_gets_the_call);
	tcase_add_test(tcase, arguments_reach_device);
	tcase_add_test(tcase, arguments_reach_call);
	tcase_add_loop_test(tcase, refused_call_goes_to_device, 0, 3);
	tcase_add_loop_test(tcase, refused_call_without_device, 0, 3);
	tcase_add_test(tcase, call_is_tried_again);
	tcase_add_test(tcase, report_decides);
	tcase_add_test(tcase, native_probe_is_empty);
	tcase_add_test(tcase, unfiltered_call_takes_no_child);
	tcase_add_test(tcase, one_child_is_enough);
	tcase_add_test(tcase, child_is_killed);
	tcase_add_loop_test(tcase, no_child_to_be_had, 0, 5);
	tcase_add_test(tcase, old_kernel_takes_no_child);
	tcase_add_test(tcase, version_is_the_release);
	return tcase;
}
