// SPDX-License-Identifier: GPL-2.0
/* Malformed BTF is refused; each fault has a twin that only lacks the fault. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

/* "void f(int)": where its parts are. */
#define AT_TYPES	sizeof(struct blob_header)
#define AT_INT		AT_TYPES
#define AT_PROTO	(AT_INT + 16)
#define AT_FUNC		(AT_PROTO + 20)
#define AT_STRINGS	(AT_FUNC + 12)
#define INFO		4

static uint8_t *plain(size_t *size)
{
	struct blob *blob = blob_new();
	uint32_t number = blob_int(blob, "int");

	blob_func(blob, "f", blob_proto(blob, 0, blob_params({ number, "p" })));
	return blob_finish(blob, size);
}

/* A value of some bytes, written over those at an offset. */
struct fault {
	size_t at;
	size_t len;
	uint32_t value;
};

#define HEADER(field, value) \
	{ offsetof(struct blob_header, field), sizeof(((struct blob_header *)0)->field), value }

static const struct fault faults[] = {
	HEADER(magic, 0x9feb),
	HEADER(magic, 0),
	HEADER(version, 0),
	HEADER(version, 2),
	HEADER(flags, 1),
	HEADER(len, 0),
	HEADER(len, sizeof(struct blob_header) - 1),
	HEADER(len, sizeof(struct blob_header) + 1),
	HEADER(len, 0x10000),
	HEADER(len, 0xffffffff),
	HEADER(types_off, 1),
	HEADER(types_off, 0x10000),
	HEADER(types_off, 0xffffffff),
	/* one byte short or too long, in the middle of a record and of what it appends */
	HEADER(types_len, 47),
	HEADER(types_len, 49),
	HEADER(types_len, 35),
	HEADER(types_len, 15),
	HEADER(types_len, 0xffffffff),
	HEADER(strings_off, 0x10000),
	HEADER(strings_off, 0xffffffff),
	HEADER(strings_off, 49),
	HEADER(strings_len, 0),
	HEADER(strings_len, 1),
	HEADER(strings_len, 6),
	HEADER(strings_len, 0xffffffff),
	{ AT_STRINGS, 1, 'x' },
	{ AT_STRINGS + 8, 1, 'x' },
	/* the kinds 0, 20 and 31, bits of no meaning, more elements than there are bytes */
	{ AT_FUNC + INFO, 4, 0 },
	{ AT_FUNC + INFO, 4, 20U << 24 },
	{ AT_FUNC + INFO, 4, 31U << 24 },
	{ AT_FUNC + INFO, 4, 12U << 24 | 1U << 16 },
	{ AT_FUNC + INFO, 4, 12U << 24 | 1U << 23 },
	{ AT_FUNC + INFO, 4, 12U << 24 | 1U << 29 },
	{ AT_FUNC + INFO, 4, 12U << 24 | 1U << 30 },
	{ AT_FUNC + INFO, 4, 13U << 24 | 1 },
	{ AT_FUNC + INFO, 4, 4U << 24 | 0xffff },
	{ AT_PROTO + INFO, 4, 13U << 24 | 0xffff },
	/* names and types that there aren't; a function whose type is a number */
	{ AT_FUNC, 4, 10 },
	{ AT_FUNC, 4, 0xffffffff },
	{ AT_FUNC + 8, 4, 4 },
	{ AT_FUNC + 8, 4, 0xffffffff },
	{ AT_FUNC + 8, 4, 1 },
	{ AT_FUNC + 8, 4, 0 },
	{ AT_PROTO + 8, 4, 4 },
	{ AT_PROTO + 16, 4, 4 },
	{ AT_PROTO + 16, 4, 0x80000000 },
	{ AT_INT, 4, 9 },
	{ AT_INT, 4, 0 },
};

START_TEST(fault_is_refused)
{
	const struct fault *fault = &faults[_i];
	struct mseal_prototype f;
	size_t size;
	uint8_t *data = plain(&size);

	ck_assert_uint_eq(size, AT_STRINGS + 9);
	ck_assert_int_eq(look_up_f(data, size, &f), 0);
	ck_assert_str_eq(f.text, "void f(int)");

	ck_assert_int_ne(memcmp(data + fault->at, &fault->value, fault->len), 0);
	memcpy(data + fault->at, &fault->value, fault->len);
	ck_assert_int_eq(look_up_f(data, size, &f), -EINVAL);
	free(data);
}
END_TEST

/* Types that refer to what they mustn't, or to themselves, or too far. */
static uint32_t void_in_the_middle(struct blob *b, bool bad)
{
	uint32_t number = blob_int(b, "int");

	return blob_proto(b, 0, blob_params({ bad ? 0 : number, NULL }, { number, NULL }));
}

static uint32_t void_with_a_name(struct blob *b, bool bad)
{
	return blob_proto(b, 0, blob_params({ 0, bad ? "p" : NULL }));
}

static uint32_t takes_a_record(struct blob *b, bool bad, uint32_t id)
{
	uint32_t to = bad ? id : 0;

	return blob_proto(b, 0, blob_params({ blob_to(b, MSEAL_BTF_PTR, to), "p" }));
}

static uint32_t a_function(struct blob *b, bool bad)
{
	return takes_a_record(b, bad, blob_func(b, "g", blob_proto(b, 0, 0, NULL)));
}

static uint32_t a_variable(struct blob *b, bool bad)
{
	uint32_t id = blob_type(b, MSEAL_BTF_VAR, "v", 0, 0);

	blob_word(b, 1);
	return takes_a_record(b, bad, id);
}

static uint32_t a_section(struct blob *b, bool bad)
{
	return takes_a_record(b, bad, blob_type(b, MSEAL_BTF_DATASEC, ".data", 0, 0));
}

static uint32_t a_declaration_tag(struct blob *b, bool bad)
{
	uint32_t id = blob_type(b, MSEAL_BTF_DECL_TAG, "tag", 0, 0);

	blob_word(b, 0);
	return takes_a_record(b, bad, id);
}

static uint32_t itself(struct blob *b, bool bad, enum mseal_btf_kind kind)
{
	uint32_t id = blob_to(b, kind, bad ? b->nr + 1 : 0);

	return blob_proto(b, 0, blob_params({ blob_to(b, MSEAL_BTF_PTR, id), "p" }));
}

static uint32_t pointer_to_itself(struct blob *b, bool bad)
{
	return itself(b, bad, MSEAL_BTF_PTR);
}

static uint32_t constant_of_itself(struct blob *b, bool bad)
{
	return itself(b, bad, MSEAL_BTF_CONST);
}

static uint32_t tag_of_itself(struct blob *b, bool bad)
{
	return itself(b, bad, MSEAL_BTF_TYPE_TAG);
}

static uint32_t array_of_itself(struct blob *b, bool bad)
{
	uint32_t id = blob_array(b, bad ? b->nr + 1 : blob_int(b, "int"), 1);

	return blob_proto(b, 0, blob_params({ blob_to(b, MSEAL_BTF_PTR, id), "p" }));
}

static uint32_t two_of_each_other(struct blob *b, bool bad)
{
	uint32_t one = blob_to(b, MSEAL_BTF_PTR, bad ? b->nr + 2 : 0);

	return blob_proto(b, 0, blob_params({ blob_to(b, MSEAL_BTF_CONST, one), "p" }));
}

static uint32_t function_that_takes_itself(struct blob *b, bool bad)
{
	uint32_t proto = b->nr + 1;
	uint32_t pointer = blob_callback(b, 0, 1, (uint32_t[]){ bad ? proto + 1 : 0 });

	return blob_proto(b, 0, blob_params({ pointer, "p" }));
}

static uint32_t function_that_returns_itself(struct blob *b, bool bad)
{
	uint32_t proto = b->nr + 1;
	uint32_t pointer = blob_callback(b, bad ? proto + 1 : 0, 0, NULL);

	return blob_proto(b, 0, blob_params({ pointer, "p" }));
}

static uint32_t many_stars(struct blob *b, bool bad)
{
	uint32_t type = 0;

	for (int i = 0; i < 15 + bad; i++)
		type = blob_to(b, MSEAL_BTF_PTR, type);
	return blob_proto(b, 0, blob_params({ type, "p" }));
}

static uint32_t many_callbacks(struct blob *b, bool bad)
{
	uint32_t type = blob_callback(b, 0, 0, NULL);

	for (int i = 0; i < 3 + bad; i++)
		type = blob_callback(b, 0, 1, &type);
	return blob_proto(b, 0, blob_params({ type, "p" }));
}

static uint32_t nameless(struct blob *b, bool bad, enum mseal_btf_kind kind)
{
	uint32_t id = blob_type(b, kind, bad ? NULL : "t", 0, 0);

	return blob_proto(b, 0, blob_params({ id, "p" }));
}

static uint32_t nameless_typedef(struct blob *b, bool bad)
{
	return nameless(b, bad, MSEAL_BTF_TYPEDEF);
}

static uint32_t nameless_float(struct blob *b, bool bad)
{
	return nameless(b, bad, MSEAL_BTF_FLOAT);
}

static uint32_t struct_of_no_string(struct blob *b, bool bad)
{
	uint32_t id = blob_record(b, bad ? BLOB_ROOM : 0, (uint32_t)MSEAL_BTF_STRUCT << 24, 0);

	return blob_proto(b, 0, blob_params({ id, "p" }));
}

static uint32_t (*const protos[])(struct blob *b, bool bad) = {
	void_in_the_middle, void_with_a_name, a_function, a_variable, a_section,
	a_declaration_tag, pointer_to_itself, constant_of_itself, tag_of_itself,
	array_of_itself, two_of_each_other, function_that_takes_itself,
	function_that_returns_itself, many_stars, many_callbacks, nameless_typedef,
	nameless_float, struct_of_no_string,
};

#define NR_PROTOS	(sizeof(protos) / sizeof(protos[0]))

static int look_up_proto(int which, bool bad, const char *name)
{
	struct blob *blob = blob_new();
	struct mseal_prototype f;
	uint8_t *data;
	size_t size;
	int err;

	blob_func(blob, name, protos[which](blob, bad));
	data = blob_finish(blob, &size);
	err = look_up_f(data, size, &f);
	if (!err)
		ck_assert_int_eq(f.err, strcmp(name, "f") ? -ENOENT : 0);
	free(data);
	return err;
}

START_TEST(reference_is_refused)
{
	ck_assert_int_eq(look_up_proto(_i, false, "f"), 0);
	ck_assert_int_eq(look_up_proto(_i, true, "f"), -EINVAL);
}
END_TEST

START_TEST(other_functions_do_not_matter)
{
	ck_assert_int_eq(look_up_proto(_i, true, "other"), 0);
}
END_TEST

/* One that comes later can't be worse than one that comes first. */
START_TEST(malformed_namesake_is_refused)
{
	struct mseal_prototype f;
	struct blob *blob = blob_new();
	uint8_t *data;
	size_t size;

	blob_func(blob, "f", protos[_i](blob, false));
	blob_func(blob, "f", protos[_i](blob, true));
	data = blob_finish(blob, &size);
	if (!look_up_f(data, size, &f))
		ck_assert_int_eq(f.err, -ENOTUNIQ);
	free(data);
}
END_TEST

/* Its sections would be where they are. */
START_TEST(shorter_header_is_refused)
{
	struct mseal_prototype f;
	struct blob_header header;
	size_t size;
	uint8_t *data = plain(&size);

	memcpy(&header, data, sizeof(header));
	header.len -= _i;
	header.types_off += _i;
	header.strings_off += _i;
	memcpy(data, &header, sizeof(header));
	ck_assert_int_eq(look_up_f(data, size, &f), _i ? -EINVAL : 0);
	free(data);
}
END_TEST

START_TEST(longer_header_is_understood)
{
	struct mseal_prototype f;
	struct blob_header header;
	size_t size;
	uint8_t *data = plain(&size), *longer = malloc(size + 8);

	ck_assert_ptr_nonnull(longer);
	memcpy(&header, data, sizeof(header));
	header.len += 8;
	memcpy(longer, &header, sizeof(header));
	memset(longer + sizeof(header), 0xff, 8);
	memcpy(longer + sizeof(header) + 8, data + sizeof(header), size - sizeof(header));
	ck_assert_int_eq(look_up_f(longer, size + 8, &f), 0);
	ck_assert_str_eq(f.text, "void f(int)");
	free(longer);
	free(data);
}
END_TEST

TCase *records_case(void)
{
	TCase *tcase = tcase_create("records");

	tcase_add_loop_test(tcase, fault_is_refused, 0, sizeof(faults) / sizeof(faults[0]));
	tcase_add_loop_test(tcase, reference_is_refused, 0, NR_PROTOS);
	tcase_add_loop_test(tcase, other_functions_do_not_matter, 0, NR_PROTOS);
	tcase_add_loop_test(tcase, malformed_namesake_is_refused, 0, NR_PROTOS);
	tcase_add_loop_test(tcase, shorter_header_is_refused, 0, sizeof(struct blob_header) + 1);
	tcase_add_test(tcase, longer_header_is_understood);
	return tcase;
}
