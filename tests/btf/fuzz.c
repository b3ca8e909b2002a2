// SPDX-License-Identifier: GPL-2.0
/*
 * Arbitrary bytes as BTF.  The first byte tells how to take the rest: as they
 * are, or as type records under a header and with strings that are right, so
 * that chance gets beyond the header.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "prototype.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char strings[] = "\0f\0g\0int\0long unsigned int\0list_head";

static uint8_t *with_header(const uint8_t *types, size_t len, size_t *size)
{
	struct blob_header header = {
		.magic = 0xeb9f,
		.version = 1,
		.len = sizeof(header),
		.types_len = len,
		.strings_off = len,
		.strings_len = sizeof(strings),
	};
	uint8_t *data = malloc(sizeof(header) + len + sizeof(strings));

	if (!data)
		abort();
	memcpy(data, &header, sizeof(header));
	memcpy(data + sizeof(header), types, len);
	memcpy(data + sizeof(header) + len, strings, sizeof(strings));
	*size = sizeof(header) + len + sizeof(strings);
	return data;
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

static void look_up(const void *data, size_t size)
{
	static struct mseal_btf btf;
	struct mseal_prototype functions[] = { { .name = "f" }, { .name = "g" } };
	struct mseal_btf_type type;

	if (mseal_btf_open(&btf, data, size))
		return;
	if (mseal_btf_find(&btf, btf.nr, &type) || !mseal_btf_find(&btf, btf.nr + 1, &type))
		abort();
	if (mseal_prototypes(&btf, functions, 2))
		return;
	check(&functions[0]);
	check(&functions[1]);
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
		look_up(bytes + 1, size - 1);
		return 0;
	}
	data = with_header(bytes + 1, size - 1, &len);
	look_up(data, len);
	free(data);
	return 0;
}
