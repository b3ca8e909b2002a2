// SPDX-License-Identifier: GPL-2.0
#include "samples.h"

#define UNNAMED	NULL

/* void f(TYPE), and TYPE f(void) */
static uint32_t takes(struct blob *blob, uint32_t type)
{
	return blob_proto(blob, 0, blob_params({ type, "p" }));
}

static uint32_t returns(struct blob *blob, uint32_t type)
{
	return blob_proto(blob, type, 0, NULL);
}

static uint32_t nothing(struct blob *b)
{
	return returns(b, 0);
}

static uint32_t result_int(struct blob *b)
{
	return returns(b, blob_int(b, "int"));
}

static uint32_t result_pointer(struct blob *b)
{
	return returns(b, blob_to(b, MSEAL_BTF_PTR, blob_struct(b, "mm_struct")));
}

static uint32_t result_callback(struct blob *b)
{
	return returns(b, blob_callback(b, 0, 1, (uint32_t[]){ blob_int(b, "int") }));
}

static uint32_t gcc_integers(struct blob *b)
{
	return blob_proto(b, blob_int(b, "long int"), blob_params(
		{ blob_int(b, "short int"), "a" },
		{ blob_int(b, "short unsigned int"), "b" },
		{ blob_int(b, "long unsigned int"), "c" },
		{ blob_int(b, "long long int"), "d" },
		{ blob_int(b, "long long unsigned int"), "e" }));
}

static uint32_t other_integers(struct blob *b)
{
	return blob_proto(b, blob_int(b, "long"), blob_params(
		{ blob_int(b, "char"), "a" },
		{ blob_int(b, "unsigned int"), "b" },
		{ blob_int(b, "unsigned long"), "c" },
		{ blob_int(b, "_Bool"), "d" },
		{ blob_type(b, MSEAL_BTF_FLOAT, "double", 0, 8), "e" }));
}

static uint32_t type_names(struct blob *b)
{
	uint32_t type = blob_type(b, MSEAL_BTF_TYPEDEF, "vm_flags_t", 0,
				  blob_int(b, "long unsigned int"));
	uint32_t dangling = blob_type(b, MSEAL_BTF_TYPEDEF, "opaque_t", 0, 0);

	return blob_proto(b, type, blob_params({ dangling, "a" }));
}

static uint32_t tags(struct blob *b)
{
	uint32_t u, e, e64;

	u = blob_type(b, MSEAL_BTF_UNION, "u", 0, 4);
	e = blob_type(b, MSEAL_BTF_ENUM, "e", 1, 4);
	blob_word(b, blob_string(b, "ONE"));
	blob_word(b, 1);
	e64 = blob_type(b, MSEAL_BTF_ENUM64, "e64", 1, 8);
	blob_word(b, blob_string(b, "LONG_ONE"));
	blob_word(b, 1);
	blob_word(b, 0);
	return blob_proto(b, blob_struct(b, "s"), blob_params(
		{ u, "a" }, { e, "b" }, { e64, "c" },
		{ blob_struct(b, NULL), "d" }));
}

static uint32_t forwards(struct blob *b)
{
	uint32_t s = blob_type(b, MSEAL_BTF_FWD, "s", 0, 0);
	uint32_t u = blob_record(b, blob_string(b, "u"),
				 (uint32_t)MSEAL_BTF_FWD << 24 | 1U << 31, 0);

	return blob_proto(b, 0, blob_params(
		{ blob_to(b, MSEAL_BTF_PTR, s), "a" },
		{ blob_to(b, MSEAL_BTF_PTR, u), "b" }));
}

static uint32_t pointers(struct blob *b)
{
	uint32_t character = blob_int(b, "char");
	uint32_t one = blob_to(b, MSEAL_BTF_PTR, character);

	return blob_proto(b, blob_to(b, MSEAL_BTF_PTR, 0), blob_params(
		{ one, "a" }, { blob_to(b, MSEAL_BTF_PTR, one), "b" }));
}

static uint32_t qualifiers(struct blob *b)
{
	uint32_t character = blob_int(b, "char");
	uint32_t constant = blob_to(b, MSEAL_BTF_CONST, character);
	uint32_t pointer = blob_to(b, MSEAL_BTF_PTR, character);
	uint32_t fixed = blob_to(b, MSEAL_BTF_CONST, pointer);

	return blob_proto(b, 0, blob_params(
		{ blob_to(b, MSEAL_BTF_PTR, constant), "a" },
		{ fixed, "b" },
		{ blob_to(b, MSEAL_BTF_PTR, fixed), "c" },
		{ blob_to(b, MSEAL_BTF_RESTRICT, pointer), "d" },
		{ blob_to(b, MSEAL_BTF_VOLATILE, pointer), "e" },
		{ blob_to(b, MSEAL_BTF_PTR, blob_to(b, MSEAL_BTF_CONST, 0)), "f" }));
}

/* Which qualifier is the outer one is the compiler's whim. */
static uint32_t const_volatile(struct blob *b)
{
	uint32_t type = blob_to(b, MSEAL_BTF_VOLATILE, blob_int(b, "int"));

	return takes(b, blob_to(b, MSEAL_BTF_PTR, blob_to(b, MSEAL_BTF_CONST, type)));
}

static uint32_t volatile_const(struct blob *b)
{
	uint32_t type = blob_to(b, MSEAL_BTF_CONST, blob_int(b, "int"));

	return takes(b, blob_to(b, MSEAL_BTF_PTR, blob_to(b, MSEAL_BTF_VOLATILE, type)));
}

static uint32_t arrays(struct blob *b)
{
	uint32_t row = blob_array(b, blob_int(b, "int"), 3);
	uint32_t pointer = blob_to(b, MSEAL_BTF_PTR, row);

	return blob_proto(b, 0, blob_params(
		{ row, "a" }, { blob_array(b, row, 4294967295), "b" },
		{ pointer, "c" }, { blob_array(b, pointer, 0), "d" },
		{ blob_to(b, MSEAL_BTF_PTR, blob_to(b, MSEAL_BTF_CONST, row)), "e" }));
}

static uint32_t callbacks(struct blob *b)
{
	uint32_t number = blob_int(b, "int");
	uint32_t plain = blob_callback(b, 0, 0, NULL);
	uint32_t inner = blob_callback(b, number, 2, (uint32_t[]){ plain, number });
	uint32_t fixed = blob_to(b, MSEAL_BTF_CONST, plain);

	return blob_proto(b, 0, blob_params(
		{ plain, "a" }, { inner, "b" }, { fixed, "c" },
		{ blob_to(b, MSEAL_BTF_PTR, plain), "d" },
		{ blob_callback(b, 0, 2, (uint32_t[]){ number, 0 }), "e" }));
}

static uint32_t deep_callback(struct blob *b)
{
	uint32_t type = blob_callback(b, 0, 0, NULL);

	for (int i = 0; i < 3; i++)
		type = blob_callback(b, 0, 1, &type);
	return takes(b, type);
}

static uint32_t long_chain(struct blob *b)
{
	uint32_t type = blob_int(b, "int");

	for (int i = 0; i < 15; i++)
		type = blob_to(b, MSEAL_BTF_PTR, type);
	return takes(b, type);
}

static uint32_t attributes(struct blob *b)
{
	uint32_t type = blob_type(b, MSEAL_BTF_TYPE_TAG, "user", 0, blob_int(b, "char"));
	uint32_t pointer = blob_to(b, MSEAL_BTF_PTR, type);

	blob_type(b, MSEAL_BTF_DECL_TAG, "kfunc", 0, pointer);
	blob_word(b, (uint32_t)-1);
	return takes(b, pointer);
}

static uint32_t data(struct blob *b)
{
	uint32_t number = blob_int(b, "int");
	uint32_t var = blob_type(b, MSEAL_BTF_VAR, "jiffies", 0, number);

	blob_word(b, 1);
	blob_type(b, MSEAL_BTF_DATASEC, ".data", 1, 4);
	blob_word(b, var);
	blob_word(b, 0);
	blob_word(b, 4);
	return takes(b, number);
}

static uint32_t variable(struct blob *b)
{
	uint32_t constant = blob_to(b, MSEAL_BTF_CONST, blob_int(b, "char"));

	return blob_proto(b, blob_int(b, "int"), blob_params(
		{ blob_to(b, MSEAL_BTF_PTR, constant), "format" }, { 0, UNNAMED }));
}

const struct sample samples[] = {
	{ "void f(void)", nothing },
	{ "int f(void)", result_int },
	{ "struct mm_struct *f(void)", result_pointer },
	{ "void (*)(int) f(void)", result_callback },
	{ "long f(short, unsigned short, unsigned long, long long, unsigned long long)",
	  gcc_integers },
	{ "long f(char, unsigned int, unsigned long, _Bool, double)", other_integers },
	{ "vm_flags_t f(opaque_t)", type_names },
	{ "struct s f(union u, enum e, enum e64, struct (anonymous))", tags },
	{ "void f(struct s *, union u *)", forwards },
	{ "void *f(char *, char **)", pointers },
	{ "void f(const char *, char *const, char *const *, char *restrict, char *volatile, "
	  "const void *)", qualifiers },
	{ "void f(const volatile int *)", const_volatile },
	{ "void f(const volatile int *)", volatile_const },
	{ "void f(int[3], int[4294967295][3], int (*)[3], int (*[0])[3], int const (*)[3])",
	  arrays },
	{ "void f(void (*)(void), int (*)(void (*)(void), int), void (*const)(void), "
	  "void (**)(void), void (*)(int, ...))", callbacks },
	{ "void f(void (*)(void (*)(void (*)(void (*)(void)))))", deep_callback },
	{ "void f(int ***************)", long_chain },
	{ "void f(char *)", attributes },
	{ "void f(int)", data },
	{ "int f(const char *, ...)", variable },
};

const size_t nr_samples = sizeof(samples) / sizeof(samples[0]);

uint8_t *sample_btf(const struct sample *sample, size_t nr, size_t *size)
{
	struct blob *blob = blob_new();

	for (size_t i = 0; i < nr; i++)
		blob_func(blob, "f", sample[i].proto(blob));
	return blob_finish(blob, size);
}
