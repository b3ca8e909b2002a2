// SPDX-License-Identifier: GPL-2.0
/* The descriptor: found, remembered, moved, lost, replaced, handed in. */
#include "test.h"

#define HIGH 1000

START_TEST(opened_once)
{
	for (int i = 0; i < 5; i++)
		ck_seals();
	ck_assert_int_eq(fake.opens, 1);
	ck_assert_int_eq(fake.infos, 1);
	ck_assert_int_eq(fake.seals, 5);
	ck_holds_one();
}
END_TEST

START_TEST(absence_is_not_remembered)
{
	static const int errors[] = { -ENOENT, -EACCES, -EMFILE, -ENXIO };

	for (int i = 0; i < 4; i++) {
		fake.open = errors[i];
		ck_refuses(ENOSYS);
		ck_refuses(ENOSYS);
		ck_assert_int_eq(fake.opens, 2 * (i + 1));
	}
	fake.open = 0;
	ck_seals();
	ck_seals();
	ck_assert_int_eq(fake.opens, 9);
	ck_holds_one();
}
END_TEST

START_TEST(backend_remembers_too)
{
	ck_backend(MSEAL_BACKEND_DEVICE, 0);
	ck_seals();
	ck_assert_int_eq(fake.opens, 1);
	ck_holds_one();
}
END_TEST

START_TEST(goes_to_a_high_number)
{
	fake_place(HIGH, FAKE_CHAR);
	ck_seals();
	ck_assert_int_eq(fake_find(FAKE_MSEAL), HIGH + 1);
	ck_holds_one();
}
END_TEST

START_TEST(keeps_its_number_under_a_low_limit)
{
	fake.limit = 64;
	ck_seals();
	ck_assert_int_eq(fake_find(FAKE_MSEAL), 3);
	ck_holds_one();
}
END_TEST

START_TEST(keeps_its_number_if_high_ones_are_taken)
{
	for (int fd = HIGH; fd < fake.limit; fd++)
		fake_place(fd, FAKE_CHAR);
	ck_seals();
	ck_assert_int_eq(fake_find(FAKE_MSEAL), 3);
	ck_holds_one();
}
END_TEST

START_TEST(never_takes_a_standard_stream)
{
	fake_place(_i, FAKE_NONE);
	fake.limit = 64;
	ck_seals();
	ck_assert_int_eq(fake_find(FAKE_MSEAL), 3);
	ck_assert_int_eq(fake_file(_i), FAKE_NONE);
	ck_assert_int_eq(fake_count(FAKE_MSEAL), 1);
}
END_TEST

/* A free number is not enough if it is that of a standard stream. */
START_TEST(too_many_open_files)
{
	fake.limit = 3;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, EMFILE);
	fake_place(1, FAKE_NONE);
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, EMFILE);
	ck_assert_int_eq(fake_count(FAKE_MSEAL), 0);
	fake.limit = 4;
	ck_seals();
	ck_assert_int_eq(fake_find(FAKE_MSEAL), 3);
}
END_TEST

START_TEST(closed_behind_its_back)
{
	ck_seals();
	fake_place(fake_find(FAKE_MSEAL), FAKE_NONE);
	ck_seals();
	ck_assert_int_eq(fake.opens, 2);
	ck_seals();
	ck_assert_int_eq(fake.opens, 2);
	ck_holds_one();
}
END_TEST

START_TEST(closed_and_no_way_back)
{
	ck_seals();
	fake_place(fake_find(FAKE_MSEAL), FAKE_NONE);
	fake.open = -EACCES;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, EACCES);
	fake.open = 0;
	ck_seals();
	ck_holds_one();
}
END_TEST

static const enum fake_file others[] = { FAKE_PLAIN, FAKE_CHAR, FAKE_YES };

START_TEST(reused_behind_its_back)
{
	enum fake_file other = others[_i];
	int before = fake_count(other);
	int fd;

	ck_seals();
	fd = fake_find(FAKE_MSEAL);
	fake_place(fd, other);
	ck_seals();
	ck_seals();
	ck_assert_int_eq(fake.seals, 3);
	ck_assert_int_eq(fake.opens, 2);
	ck_assert_int_eq(fake_file(fd), other);
	ck_assert_int_eq(fake_count(other), before + 1);
	ck_assert_int_eq(fake_count(FAKE_MSEAL), 1);
	ck_assert_int_eq(fake.foreign, 0);
}
END_TEST

START_TEST(reused_and_no_way_back)
{
	int fd;

	ck_seals();
	fd = fake_find(FAKE_MSEAL);
	fake_place(fd, FAKE_YES);
	fake.open = -ENOENT;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, ENOENT);
	ck_assert_int_eq(fake.foreign, 0);
	ck_assert_int_eq(fake_file(fd), FAKE_YES);
}
END_TEST

/* Same device number, another inode: verified anew before it is used. */
START_TEST(module_loaded_anew)
{
	ck_seals();
	fake_place(fake_find(FAKE_MSEAL), FAKE_RELOADED);
	fake.device = FAKE_RELOADED;
	ck_seals();
	ck_assert_int_eq(fake.opens, 2);
	ck_assert_int_eq(fake.infos, 2);
}
END_TEST

START_TEST(something_else_at_the_path)
{
	enum fake_file other = others[_i];
	int before = fake_count(other);

	fake.device = other;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, ENOTTY);
	errno = 0;
	ck_assert_int_eq(mseal_open(), -1);
	ck_assert_int_eq(errno, ENOTTY);
	ck_assert_int_eq(fake_count(other), before);
	fake.device = FAKE_MSEAL;
	ck_seals();
}
END_TEST

START_TEST(open_belongs_to_caller)
{
	int fd, second;

	errno = ERANGE;
	fd = mseal_open();
	ck_assert_int_eq(errno, ERANGE);
	ck_assert_int_eq(fake_file(fd), FAKE_MSEAL);
	second = mseal_open();
	ck_assert_int_ne(fd, second);
	fake_place(second, FAKE_NONE);
	ck_seals();
	ck_assert_int_eq(fake.opens, 3);
	ck_assert_int_eq(fake_file(fd), FAKE_MSEAL);
}
END_TEST

START_TEST(given_is_used)
{
	fake_place(9, FAKE_MSEAL);
	errno = ERANGE;
	ck_assert_int_eq(mseal_use_fd(9), 0);
	ck_assert_int_eq(errno, ERANGE);
	fake.open = -ENOENT;
	ck_seals();
	ck_backend(MSEAL_BACKEND_DEVICE, 0);
	ck_assert_int_eq(fake.opens, 0);
	ck_assert_int_eq(fake_find(FAKE_MSEAL), 9);
	ck_holds_one();
}
END_TEST

START_TEST(given_is_forgotten)
{
	fake_place(9, FAKE_MSEAL);
	ck_assert_int_eq(mseal_use_fd(9), 0);
	ck_assert_int_eq(mseal_use_fd(-1), 0);
	fake.open = -ENOENT;
	ck_refuses(ENOSYS);
	ck_assert_int_eq(fake_file(9), FAKE_MSEAL);
}
END_TEST

/* Another device node than the library's own, each remembered as what it is. */
START_TEST(given_beside_own)
{
	int own;

	ck_seals();
	own = fake_find(FAKE_MSEAL);
	fake_place(9, FAKE_RELOADED);
	ck_assert_int_eq(mseal_use_fd(9), 0);
	ck_seals();
	ck_assert_int_eq(fake_fd, 9);
	ck_assert_int_eq(mseal_use_fd(-1), 0);
	ck_seals();
	ck_assert_int_eq(fake_fd, own);
	ck_assert_int_eq(mseal_use_fd(9), 0);
	fake_place(9, FAKE_NONE);
	ck_seals();
	ck_assert_int_eq(fake_fd, own);
	ck_assert_int_eq(fake.opens, 1);
	ck_holds_one();
}
END_TEST

START_TEST(given_replaces_given)
{
	fake_place(9, FAKE_MSEAL);
	fake_place(10, FAKE_RELOADED);
	ck_assert_int_eq(mseal_use_fd(9), 0);
	ck_assert_int_eq(mseal_use_fd(10), 0);
	fake_place(9, FAKE_NONE);
	ck_seals();
	ck_assert_int_eq(fake.opens, 0);
	ck_assert_int_eq(fake_file(10), FAKE_RELOADED);
}
END_TEST

START_TEST(given_is_reused)
{
	enum fake_file other = others[_i];
	int before = fake_count(other);

	fake_place(9, FAKE_MSEAL);
	ck_assert_int_eq(mseal_use_fd(9), 0);
	fake_place(9, other);
	ck_seals();
	ck_seals();
	ck_assert_int_eq(fake.opens, 1);
	ck_assert_int_eq(fake_file(9), other);
	ck_assert_int_eq(fake_count(other), before + 1);
	ck_assert_int_eq(fake.foreign, 0);
}
END_TEST

/* What isn't the device is refused, and what was given before stays. */
START_TEST(given_the_wrong_thing)
{
	static const struct {
		enum fake_file file;
		int err;
	} rows[] = {
		{ FAKE_NONE, EBADF }, { FAKE_PLAIN, ENOTTY },
		{ FAKE_CHAR, ENOTTY }, { FAKE_YES, ENOTTY },
	};

	fake_place(9, FAKE_MSEAL);
	ck_assert_int_eq(mseal_use_fd(9), 0);
	fake.open = -ENOENT;
	fake_place(10, rows[_i].file);
	errno = 0;
	ck_assert_int_eq(mseal_use_fd(10), -1);
	ck_assert_int_eq(errno, rows[_i].err);
	ck_assert_int_eq(fake_file(10), rows[_i].file);
	errno = 0;
	ck_assert_int_eq(mseal_use_fd(-2), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_seals();
	ck_assert_int_eq(fake.opens, 0);
}
END_TEST

/* The kernel's own call is preferred even to a device handed in. */
START_TEST(given_yields_to_the_call)
{
	fake_place(9, FAKE_MSEAL);
	ck_assert_int_eq(mseal_use_fd(9), 0);
	fake.release = "6.12.0";
	fake.native = 0;
	ck_seals();
	ck_backend(MSEAL_BACKEND_NATIVE, 0);
	ck_assert_int_eq(fake.seals, 0);
}
END_TEST

TCase *device_case(void)
{
	TCase *tcase = tcase_create("device");

	tcase_add_test(tcase, opened_once);
	tcase_add_test(tcase, absence_is_not_remembered);
	tcase_add_test(tcase, backend_remembers_too);
	tcase_add_test(tcase, goes_to_a_high_number);
	tcase_add_test(tcase, keeps_its_number_under_a_low_limit);
	tcase_add_test(tcase, keeps_its_number_if_high_ones_are_taken);
	tcase_add_loop_test(tcase, never_takes_a_standard_stream, 0, 3);
	tcase_add_test(tcase, too_many_open_files);
	tcase_add_test(tcase, closed_behind_its_back);
	tcase_add_test(tcase, closed_and_no_way_back);
	tcase_add_loop_test(tcase, reused_behind_its_back, 0, 3);
	tcase_add_test(tcase, reused_and_no_way_back);
	tcase_add_test(tcase, module_loaded_anew);
	tcase_add_loop_test(tcase, something_else_at_the_path, 0, 3);
	tcase_add_test(tcase, open_belongs_to_caller);
	tcase_add_test(tcase, given_is_used);
	tcase_add_test(tcase, given_is_forgotten);
	tcase_add_test(tcase, given_beside_own);
	tcase_add_test(tcase, given_replaces_given);
	tcase_add_loop_test(tcase, given_is_reused, 0, 3);
	tcase_add_loop_test(tcase, given_the_wrong_thing, 0, 4);
	tcase_add_test(tcase, given_yields_to_the_call);
	return tcase;
}
