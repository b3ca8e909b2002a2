// SPDX-License-Identifier: GPL-2.0
/*
 * Arbitrary bytes as BTF.  The first byte tells how to take the rest: as they
 * are, if it is odd, or as type records under a header and with strings that are
 * right, so that chance gets beyond the header.  There the byte's other bits say
 * how many more times they come: only many types use up the marks.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "prototype.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char strings[] = "\0f\0g\0int\0long unsigned int\0list_head";

static uint8_t *with_header(const uint8_t *types, size_t len, size_t times, size_t *size)
{
	struct blob_header header = {
		.magic = 0xeb9f,
		.version = 1,
		.len = sizeof(header),
		.types_off = sizeof(strings),
		.types_len = len * times,
		.strings_len = sizeof(strings),
	};
	uint8_t *data, *end;

	*size = sizeof(header) + sizeof(strings) + len * times;
	data = malloc(*size);
	if (!data)
		abort();
	memcpy(data, &header, sizeof(header));
	memcpy(data + sizeof(header), strings, sizeof(strings));
	/* Last, so that who reads beyond them is beyond everything. */
	for (end = data + sizeof(header) + sizeof(strings); times; times--, end += len)
		memcpy(end, types, len);
	return data;
}

/* What is promised of opened BTF: each record ends in it, each string, too. */
static void check_opened(const struct mseal_btf *btf)
{
	struct mseal_btf_type type, again;
	uint32_t at, id;

	if (btf->strings[0] || btf->strings[btf->strings_len - 1])
		abort();
	for (at = 0, id = 1; at < btf->types_len; at = type.next, id++) {
		if (mseal_btf_read(btf, at, &type))
			abort();
		if (type.next <= at || type.next > btf->types_len ||
		    type.extra > btf->types + type.next)
			abort();
		if (mseal_btf_find(btf, id, &again) || again.next != type.next)
			abort();
	}
	if (id != btf->nr + 1 || !mseal_btf_find(btf, id, &type))
		abort();
}

/* The function's parameters, four levels of callbacks, a type without a name. */
#define MAX_LISTS	(1 + 4 + 1)

/* How deep do lists lie in lists?  A parenthesis before a star is none. */
static void check_depth(const char *text)
{
	bool list[MSEAL_PROTOTYPE_LEN] = { false };
	int open = 0, lists = 0;

	for (; *text; text++) {
		if (*text == '(') {
			list[open] = text[1] != '*';
			lists += list[open++];
		} else if (*text == ')') {
			if (!open)
				abort();
			lists -= list[--open];
		}
		if (lists > MAX_LISTS)
			abort();
	}
}

static void check(const struct mseal_prototype *function)
{
	switch (function->err) {
	case -ENOENT:
		if (function->text[0])
			abort();
		break;
	case 0:
	case -ENOTUNIQ:
		if (!strchr(function->text, '('))
			abort();
		break;
	case -E2BIG:
		if (strlen(function->text) != MSEAL_PROTOTYPE_LEN - 1)
			abort();
		break;
	default:
		abort();
	}
}

/* Every function of the name is one; those without an answer don't matter. */
static void check_kind(const struct mseal_btf *btf, const struct mseal_prototype *function)
{
	struct mseal_btf_type type, proto;
	uint32_t at;

	for (at = 0; !function->err && at < btf->types_len; at = type.next) {
		if (mseal_btf_read(btf, at, &type))
			abort();
		if (type.kind != MSEAL_BTF_FUNC ||
		    strcmp(mseal_btf_string(btf, type.name), function->name))
			continue;
		if (mseal_btf_find(btf, type.ref, &proto) ||
		    proto.kind != MSEAL_BTF_FUNC_PROTO)
			abort();
	}
}

static void look_up(const void *data, size_t size, bool plain_names)
{
	static struct mseal_btf btf;
	struct mseal_prototype functions[] = { { .name = "f" }, { .name = "g" } };

	if (mseal_btf_open(&btf, data, size))
		return;
	check_opened(&btf);
	if (mseal_prototypes(&btf, functions, 2))
		return;
	for (int i = 0; i < 2; i++) {
		check(&functions[i]);
		check_kind(&btf, &functions[i]);
		if (plain_names)
			check_depth(functions[i].text);
	}
}

/* Seconds for one input, after which it counts as endless. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char timeout[] = "-timeout=5";
	char **args = calloc(*argc + 2, sizeof(*args));

	if (!args)
		abort();
	memcpy(args, *argv, *argc * sizeof(*args));
	args[(*argc)++] = timeout;
	*argv = args;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *data;
	size_t len;

	if (!size)
		return 0;
	if (bytes[0] & 1) {
		look_up(bytes + 1, size - 1, false);
		return 0;
	}
	data = with_header(bytes + 1, size - 1, 1 + (bytes[0] >> 1), &len);
	look_up(data, len, true);
	free(data);
	return 0;
}
