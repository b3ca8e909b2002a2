// SPDX-License-Identifier: GPL-2.0
/* The running kernel's BTF, read by us and by libbpf. */
#include <bpf/btf.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define KERNEL_BTF	"/sys/kernel/btf/vmlinux"
#define SAMPLES		1000
#define LINE		8192

/* What libbpf prints. */
struct line {
	char s[LINE];
	size_t len;
};

static void print(void *ctx, const char *format, va_list args)
{
	struct line *line = ctx;
	int n = vsnprintf(line->s + line->len, LINE - line->len, format, args);

	ck_assert_int_ge(n, 0);
	line->len += n;
	ck_assert_uint_lt(line->len, LINE);
}

static void add(struct line *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(line, format, args);
	va_end(args);
}

static void emit(struct btf_dump *dump, uint32_t id)
{
	LIBBPF_OPTS(btf_dump_emit_type_decl_opts, opts, .field_name = "");

	ck_assert_int_eq(btf_dump__emit_type_decl(dump, id, &opts), 0);
}

static void libbpf_says(const struct btf *btf, struct btf_dump *dump, struct line *line,
			const struct btf_type *func)
{
	const struct btf_type *proto = btf__type_by_id(btf, func->type);
	const struct btf_param *params = btf_params(proto);

	line->len = 0;
	emit(dump, proto->type);
	add(line, " %s(%s", btf__name_by_offset(btf, func->name_off),
	    btf_vlen(proto) ? "" : "void");
	for (int i = 0; i < btf_vlen(proto); i++) {
		if (i)
			add(line, ",");
		if (params[i].type)
			emit(dump, params[i].type);
		else
			add(line, "...");
	}
	add(line, ")");
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The words of an integer type come in any order, "int" mostly being optional. */
static const char *put_integer(const char *s, struct line *out)
{
	static const char *const words[] = { "unsigned", "short", "long", "int", "char" };
	unsigned int count[5] = { 0 };

	for (;;) {
		size_t len = 0, w;

		while (is_word(s[len]))
			len++;
		for (w = 0; w < 5; w++)
			if (strlen(words[w]) == len && !strncmp(s, words[w], len))
				break;
		if (!len || w == 5)
			break;
		count[w]++;
		for (s += len; *s == ' '; s++)
			;
	}
	if (count[1] || count[2])
		count[3] = 0;
	for (size_t w = 0; w < 5; w++)
		for (unsigned int i = 0; i < count[w]; i++)
			add(out, "%s ", words[w]);
	return s;
}

/* Compilers don't agree on the order of two qualifiers. */
static void order_qualifiers(struct line *out)
{
	static const char theirs[] = "volatile const ", ours[] = "const volatile ";
	size_t len = strlen(theirs);

	if (out->len >= len && !strcmp(out->s + out->len - len, theirs))
		strcpy(out->s + out->len - len, ours);
}

/* Words and signs, each with a space behind it; attributes left out. */
static void normalise(const char *s, struct line *out)
{
	static const char attribute[] = "__attribute__((";

	out->len = 0;
	while (*s) {
		const char *after = put_integer(s, out);

		if (after != s) {
			s = after;
		} else if (*s == ' ') {
			s++;
		} else if (!strncmp(s, attribute, strlen(attribute))) {
			s = strstr(s, "))");
			ck_assert_ptr_nonnull(s);
			s += 2;
		} else if (is_word(*s)) {
			while (is_word(*s))
				add(out, "%c", *s++);
			add(out, " ");
			order_qualifiers(out);
		} else {
			add(out, "%c ", *s++);
		}
	}
}

static bool has_namesake_of_other_type(const struct btf *btf, struct btf_dump *dump,
				       struct line *line, const char *name, const char *text)
{
	for (uint32_t id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		static struct line other;

		if (!btf_is_func(type) || strcmp(btf__name_by_offset(btf, type->name_off), name))
			continue;
		libbpf_says(btf, dump, line, type);
		normalise(line->s, &other);
		if (strcmp(other.s, text))
			return true;
	}
	return false;
}

static void compare(const struct btf *btf, struct btf_dump *dump, struct line *line,
		    const struct btf_type *func, const struct mseal_prototype *ours)
{
	static struct line theirs, mine;

	libbpf_says(btf, dump, line, func);
	normalise(line->s, &theirs);
	normalise(ours->text, &mine);
	switch (ours->err) {
	case 0:
		ck_assert_str_eq(mine.s, theirs.s);
		break;
	case -ENOTUNIQ:
		ck_assert_msg(has_namesake_of_other_type(btf, dump, line, ours->name, theirs.s),
			      "%s is unique", ours->name);
		break;
	case -E2BIG:
		ck_assert_uint_ge(theirs.len + strlen(ours->text), MSEAL_PROTOTYPE_LEN);
		break;
	default:
		ck_abort_msg("%s: error %d", ours->name, ours->err);
	}
}

static unsigned int count_functions(const struct btf *btf)
{
	unsigned int nr = 0;

	for (uint32_t id = 1; id < btf__type_cnt(btf); id++)
		nr += btf_is_func(btf__type_by_id(btf, id));
	return nr;
}

/* About SAMPLES functions, evenly spread. */
static unsigned int choose(const struct btf *btf, const struct btf_type **chosen)
{
	unsigned int step = count_functions(btf) / SAMPLES + 1, seen = 0, nr = 0;

	for (uint32_t id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);

		if (btf_is_func(type) && !(seen++ % step))
			chosen[nr++] = type;
	}
	return nr;
}

START_TEST(libbpf_agrees)
{
	static struct mseal_prototype functions[SAMPLES];
	static const struct btf_type *chosen[SAMPLES];
	static struct mseal_btf ours;
	static struct line line;
	struct btf *btf = btf__parse(KERNEL_BTF, NULL);
	struct btf_dump *dump;
	unsigned int nr, same = 0;
	const void *data;
	uint32_t size;

	ck_assert_ptr_nonnull(btf);
	dump = btf_dump__new(btf, print, &line, NULL);
	ck_assert_ptr_nonnull(dump);
	nr = choose(btf, chosen);
	for (unsigned int i = 0; i < nr; i++)
		functions[i].name = btf__name_by_offset(btf, chosen[i]->name_off);

	data = btf__raw_data(btf, &size);
	ck_assert_int_eq(mseal_btf_open(&ours, data, size), 0);
	ck_assert_uint_eq(ours.nr + 1, btf__type_cnt(btf));
	ck_assert_int_eq(mseal_prototypes(&ours, functions, nr), 0);
	for (unsigned int i = 0; i < nr; i++) {
		compare(btf, dump, &line, chosen[i], &functions[i]);
		same += !functions[i].err;
	}
	printf("  %u of %u prototypes of this host's kernel compared with libbpf's\n", same, nr);
	ck_assert_uint_gt(same, nr / 2);
	ck_assert_uint_gt(nr, SAMPLES / 4);
	btf_dump__free(dump);
	btf__free(btf);
}
END_TEST

TCase *host_case(void)
{
	TCase *tcase = tcase_create("host");

	tcase_set_timeout(tcase, 120);
	if (access(KERNEL_BTF, R_OK) && (geteuid() || getenv("MSEAL_TEST_MAY_LACK")))
		printf("  SKIP    this host's kernel has no BTF to compare with libbpf\n");
	else
		tcase_add_test(tcase, libbpf_agrees);
	return tcase;
}
