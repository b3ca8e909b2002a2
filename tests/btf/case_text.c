// SPDX-License-Identifier: GPL-2.0
/* Well-formed BTF: each kind of type comes out as C code. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"
#include "test.h"

START_TEST(sample_is_spelled)
{
	const struct sample *sample = &samples[_i];
	struct mseal_prototype f;
	size_t size;
	uint8_t *data = sample_btf(sample, 1, &size);

	ck_assert_int_eq(look_up_f(data, size, &f), 0);
	ck_assert_int_eq(f.err, 0);
	ck_assert_str_eq(f.text, sample->prototype);
	free(data);
}
END_TEST

START_TEST(data_may_be_unaligned)
{
	struct mseal_prototype f;
	size_t size;
	uint8_t *data = sample_btf(&samples[_i], 1, &size);
	uint8_t *moved = malloc(size + 1);

	ck_assert_ptr_nonnull(moved);
	memcpy(moved + 1, data, size);
	ck_assert_int_eq(look_up_f(moved + 1, size, &f), 0);
	ck_assert_str_eq(f.text, samples[_i].prototype);
	free(moved);
	free(data);
}
END_TEST

/* "void f(", a parameter's name of len bytes, ")" */
static void look_up_long(size_t len, struct mseal_prototype *f)
{
	struct blob *blob = blob_new();
	char name[2 * MSEAL_PROTOTYPE_LEN] = "";
	uint8_t *data;
	size_t size;

	memset(name, 'x', len);
	blob_func(blob, "f", blob_proto(blob, 0, blob_params({
		blob_type(blob, MSEAL_BTF_TYPEDEF, name, 0, 0), "p" })));
	data = blob_finish(blob, &size);
	ck_assert_int_eq(look_up_f(data, size, f), 0);
	free(data);
}

#define AROUND	strlen("void f()")

START_TEST(longest_prototype_fits)
{
	struct mseal_prototype f;

	look_up_long(MSEAL_PROTOTYPE_LEN - 1 - AROUND, &f);
	ck_assert_int_eq(f.err, 0);
	ck_assert_uint_eq(strlen(f.text), MSEAL_PROTOTYPE_LEN - 1);
}
END_TEST

START_TEST(longer_prototype_is_cut)
{
	struct mseal_prototype f;

	look_up_long(MSEAL_PROTOTYPE_LEN - AROUND + _i, &f);
	ck_assert_int_eq(f.err, -E2BIG);
	ck_assert_uint_eq(strlen(f.text), MSEAL_PROTOTYPE_LEN - 1);
	ck_assert_int_eq(strncmp(f.text, "void f(xxx", 10), 0);
}
END_TEST

START_TEST(most_parameters_are_cut_too)
{
	static struct blob_parameter many[0xffff];
	struct blob *blob = blob_new();
	uint32_t number = blob_int(blob, "int");
	struct mseal_prototype f;
	uint8_t *data;
	size_t size;

	for (size_t i = 0; i < 0xffff; i++)
		many[i].type = number;
	blob_func(blob, "f", blob_proto(blob, 0, 0xffff, many));
	data = blob_finish(blob, &size);
	ck_assert_int_eq(look_up_f(data, size, &f), 0);
	ck_assert_int_eq(f.err, -E2BIG);
	ck_assert_int_eq(strncmp(f.text, "void f(int, int, ", 17), 0);
	free(data);
}
END_TEST

static const struct match {
	const char *has, *expected;
	bool want;
} matches[] = {
	{ "int f(int, long)", "int f(int, long)", true },
	{ "int f(int, long)", "int f(int, int)", false },
	{ "int f(int, long)", "long f(int, long)", false },
	{ "int f(int, long)", "int f(int)", false },
	{ "int f(int)", "int f(int, long)", false },
	{ "int f(int, long)", "int f(int, long, ...)", true },
	{ "int f(int, long, int)", "int f(int, long, ...)", true },
	{ "int f(int, long, ...)", "int f(int, long, ...)", true },
	{ "int f(int, long *)", "int f(int, long, ...)", false },
	{ "int f(int, long long)", "int f(int, long, ...)", false },
	{ "int f(int)", "int f(int, long, ...)", false },
	{ "int f(int, long)", "", false },
	{ "", "...)", false },
};

START_TEST(expectation_is_compared)
{
	const struct match *match = &matches[_i];
	struct mseal_prototype f = {};

	strcpy(f.text, match->has);
	ck_assert_int_eq(mseal_prototype_matches(&f, match->expected), match->want);
}
END_TEST

START_TEST(what_was_not_found_matches_nothing)
{
	static const int errors[] = { -ENOENT, -ENOTUNIQ, -E2BIG };
	struct mseal_prototype f = { .text = "int f(int)" };

	ck_assert(mseal_prototype_matches(&f, "int f(int)"));
	f.err = errors[_i];
	ck_assert(!mseal_prototype_matches(&f, "int f(int)"));
	ck_assert(!mseal_prototype_matches(&f, "int f(int, ...)"));
}
END_TEST

TCase *text_case(void)
{
	TCase *tcase = tcase_create("text");

	tcase_add_loop_test(tcase, expectation_is_compared, 0,
			    sizeof(matches) / sizeof(matches[0]));
	tcase_add_loop_test(tcase, what_was_not_found_matches_nothing, 0, 3);
	tcase_add_loop_test(tcase, sample_is_spelled, 0, nr_samples);
	tcase_add_loop_test(tcase, data_may_be_unaligned, 0, nr_samples);
	tcase_add_test(tcase, longest_prototype_fits);
	tcase_add_loop_test(tcase, longer_prototype_is_cut, 0, 3);
	tcase_add_test(tcase, most_parameters_are_cut_too);
	return tcase;
}
