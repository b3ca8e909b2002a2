// SPDX-License-Identifier: GPL-2.0
/* Which function is found, among many and among namesakes. */
#include <stdio.h>
#include <stdlib.h>

#include "test.h"

static void look_up(struct blob *blob, struct mseal_prototype *functions, unsigned int nr)
{
	static struct mseal_btf btf;
	size_t size;
	uint8_t *data = blob_finish(blob, &size);

	ck_assert_int_eq(mseal_btf_open(&btf, data, size), 0);
	ck_assert_int_eq(mseal_prototypes(&btf, functions, nr), 0);
	free(data);
}

START_TEST(others_are_not_found)
{
	struct mseal_prototype functions[] = {
		{ .name = "f", .text = "stale" }, { .name = "ff" }, { .name = "fff" },
		{ .name = "s" },
	};
	struct blob *blob = blob_new();
	uint32_t s = blob_struct(blob, "s");

	blob_func(blob, "ff", blob_proto(blob, s, 0, NULL));
	look_up(blob, functions, 4);
	ck_assert_int_eq(functions[0].err, -ENOENT);
	ck_assert_str_eq(functions[0].text, "");
	ck_assert_int_eq(functions[1].err, 0);
	ck_assert_str_eq(functions[1].text, "struct s ff(void)");
	ck_assert_int_eq(functions[2].err, -ENOENT);
	ck_assert_int_eq(functions[3].err, -ENOENT);
}
END_TEST

START_TEST(nothing_is_found_in_nothing)
{
	struct mseal_prototype f = { .name = "f" };

	look_up(blob_new(), &f, 1);
	ck_assert_int_eq(f.err, -ENOENT);
}
END_TEST

/* The names of parameters don't make a difference, nor which record a type has. */
START_TEST(same_namesakes_are_one)
{
	struct mseal_prototype f = { .name = "f" };
	struct blob *blob = blob_new();

	for (int i = 0; i < 3; i++)
		blob_func(blob, "f", blob_proto(blob, 0, blob_params(
			{ blob_int(blob, "int"), i ? "regs" : "__unused" })));
	look_up(blob, &f, 1);
	ck_assert_int_eq(f.err, 0);
	ck_assert_str_eq(f.text, "void f(int)");
}
END_TEST

static uint32_t other_proto(struct blob *blob, int which)
{
	uint32_t number = blob_int(blob, "int");

	switch (which) {
	case 0:
		return blob_proto(blob, 0, 0, NULL);
	case 1:
		return blob_proto(blob, 0, blob_params({ number, "p" }, { number, "q" }));
	case 2:
		return blob_proto(blob, 0, blob_params({ number, "p" }, { 0, NULL }));
	case 3:
		return blob_proto(blob, number, blob_params({ number, "p" }));
	case 4:
		return blob_proto(blob, 0, blob_params({ blob_int(blob, "in"), "p" }));
	case 5:
		return blob_proto(blob, 0, blob_params({ blob_int(blob, "into"), "p" }));
	default:
		/* a result whose name makes the other's prototype the beginning of this one */
		return blob_proto(blob, blob_int(blob, "void f(int)"), 0, NULL);
	}
}

#define NR_OTHERS	7

/* Whichever comes first, and whatever follows. */
static void differing_namesakes(int which, bool first)
{
	struct mseal_prototype f = { .name = "f" };
	struct blob *blob = blob_new();
	uint32_t proto = blob_proto(blob, 0, blob_params({ blob_int(blob, "int"), "p" }));

	if (first)
		blob_func(blob, "f", proto);
	blob_func(blob, "f", other_proto(blob, which));
	blob_func(blob, "f", proto);
	look_up(blob, &f, 1);
	ck_assert_int_eq(f.err, -ENOTUNIQ);
	if (first)
		ck_assert_str_eq(f.text, "void f(int)");
}

START_TEST(other_namesake_comes_second)
{
	differing_namesakes(_i, true);
}
END_TEST

START_TEST(other_namesake_comes_first)
{
	differing_namesakes(_i, false);
}
END_TEST

/* More types than marks, several times over; each refers to its neighbours. */
START_TEST(every_type_is_reached)
{
	static struct mseal_prototype functions[200];
	static char names[200][16], texts[200][64];
	const unsigned int rounds = 5000;
	struct blob *blob = blob_new();
	unsigned int nr = 0;

	for (unsigned int i = 0; i < rounds; i++) {
		char name[32];
		uint32_t type;

		snprintf(name, sizeof(name), "s%u", i);
		type = blob_to(blob, MSEAL_BTF_PTR, blob_struct(blob, name));
		type = blob_proto(blob, type, blob_params({ type, "p" }));
		snprintf(name, sizeof(name), "f%u", i);
		blob_func(blob, name, type);
		if (i % 25)
			continue;
		snprintf(names[nr], sizeof(names[nr]), "f%u", i);
		snprintf(texts[nr], sizeof(texts[nr]), "struct s%u *f%u(struct s%u *)", i, i, i);
		functions[nr].name = names[nr];
		nr++;
	}
	ck_assert_uint_gt(blob->nr, 16 * MSEAL_BTF_MARKS);
	look_up(blob, functions, nr);
	for (unsigned int i = 0; i < nr; i++) {
		ck_assert_int_eq(functions[i].err, 0);
		ck_assert_str_eq(functions[i].text, texts[i]);
	}
}
END_TEST

/* At the limits of the marks, identifiers name the types that they should. */
START_TEST(marks_are_right)
{
	static const uint32_t counts[] = {
		1, MSEAL_BTF_MARKS - 1, MSEAL_BTF_MARKS, MSEAL_BTF_MARKS + 1,
		2 * MSEAL_BTF_MARKS, 2 * MSEAL_BTF_MARKS + 1, 4 * MSEAL_BTF_MARKS + 3,
	};
	static struct mseal_btf btf;
	struct blob *blob = blob_new();
	struct mseal_btf_type type;
	uint8_t *data;
	size_t size;

	for (uint32_t id = 1; id <= counts[_i]; id++)
		blob_to(blob, id % 3 ? MSEAL_BTF_PTR : MSEAL_BTF_CONST, id);
	data = blob_finish(blob, &size);
	ck_assert_int_eq(mseal_btf_open(&btf, data, size), 0);
	ck_assert_uint_eq(btf.nr, counts[_i]);
	for (uint32_t id = 1; id <= counts[_i]; id++) {
		ck_assert_int_eq(mseal_btf_find(&btf, id, &type), 0);
		ck_assert_uint_eq(type.ref, id);
	}
	ck_assert_int_eq(mseal_btf_find(&btf, counts[_i] + 1, &type), -EINVAL);
	ck_assert_int_eq(mseal_btf_find(&btf, 0, &type), 0);
	ck_assert_int_eq(type.kind, MSEAL_BTF_VOID);
	free(data);
}
END_TEST

TCase *lookup_case(void)
{
	TCase *tcase = tcase_create("look-up");

	tcase_add_test(tcase, others_are_not_found);
	tcase_add_test(tcase, nothing_is_found_in_nothing);
	tcase_add_test(tcase, same_namesakes_are_one);
	tcase_add_loop_test(tcase, other_namesake_comes_second, 0, NR_OTHERS);
	tcase_add_loop_test(tcase, other_namesake_comes_first, 0, NR_OTHERS);
	tcase_add_test(tcase, every_type_is_reached);
	tcase_add_loop_test(tcase, marks_are_right, 0, 7);
	return tcase;
}
