// SPDX-License-Identifier: GPL-2.0
/* Functions' prototypes out of BTF.  Plain logic, also compiled in user space. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "prototype.h"

/*
 * Text that is written, or compared with what has been written before.  After
 * the first error nothing happens any more.
 */
struct text {
	const struct mseal_btf *btf;
	char *buf;
	u32 used;
	bool compare;
	char last;
	int err;
};

static void malformed(struct text *text)
{
	if (!text->err)
		text->err = -EINVAL;
}

static void put_char(struct text *text, char c)
{
	if (text->err)
		return;
	if (text->compare && text->buf[text->used] != c) {
		text->err = -ENOTUNIQ;
		return;
	}
	if (text->used == MSEAL_PROTOTYPE_LEN - 1) {
		text->err = -E2BIG;
		return;
	}
	text->buf[text->used++] = c;
	text->last = c;
}

static void put(struct text *text, const char *s)
{
	while (*s && !text->err)
		put_char(text, *s++);
}

static void put_number(struct text *text, u32 n)
{
	char digits[11], *p = digits + sizeof(digits) - 1;

	*p = '\0';
	do
		*--p = '0' + n % 10;
	while (n /= 10);
	put(text, p);
}

/* Nothing separates a star from what follows. */
static void put_space(struct text *text)
{
	if (text->last != '*')
		put_char(text, ' ');
}

static bool find(struct text *text, u32 id, struct mseal_btf_type *type)
{
	if (!text->err)
		text->err = mseal_btf_find(text->btf, id, type);
	return !text->err;
}

/* What gcc calls the types that clang, and C code, name otherwise. */
static const char *const spellings[][2] = {
	{ "short int", "short" },
	{ "short unsigned int", "unsigned short" },
	{ "long int", "long" },
	{ "long unsigned int", "unsigned long" },
	{ "long long int", "long long" },
	{ "long long unsigned int", "unsigned long long" },
};

static const char *spelling(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(spellings); i++)
		if (!strcmp(name, spellings[i][0]))
			return spellings[i][1];
	return name;
}

static void put_base(struct text *text, const struct mseal_btf_type *type)
{
	const char *name = mseal_btf_string(text->btf, type->name);
	bool tagged = true;

	switch (type->kind) {
	case MSEAL_BTF_VOID:
		put(text, "void");
		return;
	case MSEAL_BTF_STRUCT:
		put(text, "struct ");
		break;
	case MSEAL_BTF_UNION:
		put(text, "union ");
		break;
	case MSEAL_BTF_FWD:
		put(text, type->flag ? "union " : "struct ");
		break;
	case MSEAL_BTF_ENUM:
	case MSEAL_BTF_ENUM64:
		put(text, "enum ");
		break;
	case MSEAL_BTF_INT:
	case MSEAL_BTF_TYPEDEF:
	case MSEAL_BTF_FLOAT:
		tagged = false;
		break;
	default:
		malformed(text);
		return;
	}
	if (!name || (!*name && !tagged))
		malformed(text);
	else if (!*name)
		put(text, "(anonymous)");
	else
		put(text, type->kind == MSEAL_BTF_INT ? spelling(name) : name);
}

#define MAX_LINKS	16

/* What stands around a base type, from the outside in: pointer to array of ... */
struct chain {
	u32 nr;
	struct link {
		enum mseal_btf_kind kind;
		u32 id;
	} links[MAX_LINKS];
};

static bool is_qualifier(enum mseal_btf_kind kind)
{
	return kind == MSEAL_BTF_CONST || kind == MSEAL_BTF_VOLATILE ||
	       kind == MSEAL_BTF_RESTRICT;
}

/* Array and function stand behind the name, and bind closer than a star does. */
static bool is_suffix(enum mseal_btf_kind kind)
{
	return kind == MSEAL_BTF_ARRAY || kind == MSEAL_BTF_FUNC_PROTO;
}

static u32 target(const struct mseal_btf_type *type)
{
	struct mseal_btf_array array;

	if (type->kind != MSEAL_BTF_ARRAY)
		return type->ref;
	memcpy(&array, type->extra, sizeof(array));
	return array.element;
}

static void unfold(struct text *text, u32 id, struct chain *chain,
		   struct mseal_btf_type *base)
{
	u32 steps;

	chain->nr = 0;
	for (steps = 0; steps < MAX_LINKS; steps++, id = target(base)) {
		if (!find(text, id, base))
			return;
		if (base->kind == MSEAL_BTF_TYPE_TAG)
			continue;
		if (base->kind != MSEAL_BTF_PTR && !is_qualifier(base->kind) &&
		    !is_suffix(base->kind))
			return;
		chain->links[chain->nr].kind = base->kind;
		chain->links[chain->nr++].id = id;
	}
	malformed(text);
}

static bool points_to_suffix(const struct chain *chain, u32 i)
{
	if (chain->links[i].kind != MSEAL_BTF_PTR)
		return false;
	do
		i++;
	while (i < chain->nr && is_qualifier(chain->links[i].kind));
	return i < chain->nr && is_suffix(chain->links[i].kind);
}

/* The base's own qualifiers come first, in an order that isn't the compiler's. */
static u32 put_qualified_base(struct text *text, const struct chain *chain,
			      const struct mseal_btf_type *base)
{
	bool is_const = false, is_volatile = false;
	u32 i = chain->nr;

	while (i && is_qualifier(chain->links[i - 1].kind)) {
		i--;
		is_const |= chain->links[i].kind == MSEAL_BTF_CONST;
		is_volatile |= chain->links[i].kind == MSEAL_BTF_VOLATILE;
	}
	if (is_const)
		put(text, "const ");
	if (is_volatile)
		put(text, "volatile ");
	put_base(text, base);
	return i;
}

static void put_prefix(struct text *text, const struct chain *chain, u32 i)
{
	switch (chain->links[i].kind) {
	case MSEAL_BTF_PTR:
		put_space(text);
		put(text, points_to_suffix(chain, i) ? "(*" : "*");
		break;
	case MSEAL_BTF_CONST:
		put_space(text);
		put(text, "const");
		break;
	case MSEAL_BTF_VOLATILE:
		put_space(text);
		put(text, "volatile");
		break;
	case MSEAL_BTF_RESTRICT:
		put_space(text);
		put(text, "restrict");
		break;
	default:
		break;
	}
}

static void put_array(struct text *text, u32 id)
{
	struct mseal_btf_array array;
	struct mseal_btf_type type;

	if (!find(text, id, &type))
		return;
	memcpy(&array, type.extra, sizeof(array));
	put(text, "[");
	put_number(text, array.nr);
	put(text, "]");
}

/* Functions take functions that take functions, but not for ever. */
#define MAX_DEPTH	4

static void put_parameters(struct text *text, u32 id, unsigned int depth);

static void put_type(struct text *text, u32 id, unsigned int depth)
{
	struct mseal_btf_type base;
	struct chain chain;
	u32 i;

	unfold(text, id, &chain, &base);
	if (text->err)
		return;
	i = put_qualified_base(text, &chain, &base);
	while (i)
		put_prefix(text, &chain, --i);
	for (i = 0; i < chain.nr; i++) {
		if (points_to_suffix(&chain, i))
			put(text, ")");
		else if (chain.links[i].kind == MSEAL_BTF_ARRAY)
			put_array(text, chain.links[i].id);
		else if (chain.links[i].kind == MSEAL_BTF_FUNC_PROTO)
			put_parameters(text, chain.links[i].id, depth + 1);
	}
}

static void put_parameters(struct text *text, u32 id, unsigned int depth)
{
	struct mseal_btf_parameter parameter;
	struct mseal_btf_type proto;
	u32 i;

	if (!find(text, id, &proto))
		return;
	if (depth > MAX_DEPTH)
		malformed(text);
	put(text, proto.nr ? "(" : "(void");
	for (i = 0; i < proto.nr && !text->err; i++) {
		memcpy(&parameter, proto.extra + i * sizeof(parameter),
		       sizeof(parameter));
		if (i)
			put(text, ", ");
		if (parameter.type)
			put_type(text, parameter.type, depth);
		else if (i == proto.nr - 1 && !parameter.name)
			put(text, "...");
		else
			malformed(text);
	}
	put(text, ")");
}

static void put_function(struct text *text, const char *name, u32 id)
{
	struct mseal_btf_type proto;

	if (!find(text, id, &proto))
		return;
	if (proto.kind != MSEAL_BTF_FUNC_PROTO) {
		malformed(text);
		return;
	}
	put_type(text, proto.ref, 0);
	put_space(text);
	put(text, name);
	put_parameters(text, id, 0);
}

/* Several files may each have a function of one name. */
static int found(const struct mseal_btf *btf, struct mseal_prototype *function,
		 u32 id)
{
	struct text text = {
		.btf = btf,
		.buf = function->text,
		.compare = !function->err,
	};

	if (function->err && function->err != -ENOENT)
		return 0;
	put_function(&text, function->name, id);
	if (!text.compare)
		function->text[text.used] = '\0';
	else if (!text.err && function->text[text.used])
		text.err = -ENOTUNIQ;
	function->err = text.err;
	return text.err == -EINVAL ? text.err : 0;
}

static int match(const struct mseal_btf *btf, const struct mseal_btf_type *func,
		 struct mseal_prototype *functions, unsigned int nr)
{
	const char *name = mseal_btf_string(btf, func->name);
	unsigned int i;
	int err = 0;

	if (!name)
		return -EINVAL;
	for (i = 0; i < nr && !err; i++)
		if (!strcmp(name, functions[i].name))
			err = found(btf, &functions[i], func->ref);
	return err;
}

int mseal_prototypes(const struct mseal_btf *btf,
		     struct mseal_prototype *functions, unsigned int nr)
{
	struct mseal_btf_type type;
	unsigned int i;
	u32 at;
	int err;

	for (i = 0; i < nr; i++) {
		functions[i].err = -ENOENT;
		functions[i].text[0] = '\0';
	}
	for (at = 0; at < btf->types_len; at = type.next) {
		err = mseal_btf_read(btf, at, &type);
		if (!err && type.kind == MSEAL_BTF_FUNC)
			err = match(btf, &type, functions, nr);
		if (err)
			return err;
	}
	return 0;
}

/* What is cut off by the buffer's end can't be told to match. */
bool mseal_prototype_matches(const struct mseal_prototype *function,
			     const char *expected)
{
	static const char any[] = ", ...)";
	size_t len = strlen(expected), same = len - strlen(any);

	if (function->err)
		return false;
	if (len < strlen(any) || strcmp(expected + same, any))
		return !strcmp(function->text, expected);
	return !strncmp(function->text, expected, same) &&
	       (function->text[same] == ',' || function->text[same] == ')');
}
