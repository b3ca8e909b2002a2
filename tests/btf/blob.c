// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"

struct blob *blob_new(void)
{
	struct blob *blob = calloc(1, sizeof(*blob));

	assert(blob);
	blob->strings_len = 1;
	return blob;
}

uint32_t blob_string(struct blob *blob, const char *s)
{
	uint32_t off = blob->strings_len;

	if (!s)
		return 0;
	assert(off + strlen(s) < BLOB_ROOM);
	strcpy(blob->strings + off, s);
	blob->strings_len += strlen(s) + 1;
	return off;
}

void blob_word(struct blob *blob, uint32_t word)
{
	assert(blob->types_len + sizeof(word) <= BLOB_ROOM);
	memcpy(blob->types + blob->types_len, &word, sizeof(word));
	blob->types_len += sizeof(word);
}

uint32_t blob_record(struct blob *blob, uint32_t name, uint32_t info, uint32_t ref)
{
	blob_word(blob, name);
	blob_word(blob, info);
	blob_word(blob, ref);
	return ++blob->nr;
}

uint32_t blob_type(struct blob *blob, enum mseal_btf_kind kind, const char *name, uint32_t nr,
		   uint32_t ref)
{
	return blob_record(blob, blob_string(blob, name), (uint32_t)kind << 24 | nr, ref);
}

uint32_t blob_int(struct blob *blob, const char *name)
{
	uint32_t id = blob_type(blob, MSEAL_BTF_INT, name, 0, 4);

	blob_word(blob, 32);
	return id;
}

uint32_t blob_to(struct blob *blob, enum mseal_btf_kind kind, uint32_t ref)
{
	return blob_type(blob, kind, NULL, 0, ref);
}

uint32_t blob_array(struct blob *blob, uint32_t element, uint32_t nr)
{
	uint32_t id = blob_type(blob, MSEAL_BTF_ARRAY, NULL, 0, 0);

	blob_word(blob, element);
	blob_word(blob, element);
	blob_word(blob, nr);
	return id;
}

uint32_t blob_struct(struct blob *blob, const char *name)
{
	uint32_t id = blob_type(blob, MSEAL_BTF_STRUCT, name, 1, 4);

	blob_word(blob, blob_string(blob, "member"));
	blob_word(blob, 0);
	blob_word(blob, 0);
	return id;
}

uint32_t blob_proto(struct blob *blob, uint32_t result, uint32_t nr,
		    const struct blob_parameter *parameters)
{
	uint32_t id = blob_type(blob, MSEAL_BTF_FUNC_PROTO, NULL, nr, result);

	for (uint32_t i = 0; i < nr; i++) {
		blob_word(blob, blob_string(blob, parameters[i].name));
		blob_word(blob, parameters[i].type);
	}
	return id;
}

uint32_t blob_func(struct blob *blob, const char *name, uint32_t proto)
{
	return blob_type(blob, MSEAL_BTF_FUNC, name, 0, proto);
}

uint32_t blob_callback(struct blob *blob, uint32_t result, uint32_t nr, const uint32_t *types)
{
	uint32_t proto = blob_type(blob, MSEAL_BTF_FUNC_PROTO, NULL, nr, result);

	for (uint32_t i = 0; i < nr; i++) {
		blob_word(blob, 0);
		blob_word(blob, types[i]);
	}
	return blob_to(blob, MSEAL_BTF_PTR, proto);
}

uint8_t *blob_finish(struct blob *blob, size_t *size)
{
	struct blob_header header = {
		.magic = 0xeb9f,
		.version = 1,
		.len = sizeof(header),
		.types_len = blob->types_len,
		.strings_off = blob->types_len,
		.strings_len = blob->strings_len,
	};
	uint8_t *data;

	*size = sizeof(header) + blob->types_len + blob->strings_len;
	data = malloc(*size);
	assert(data);
	memcpy(data, &header, sizeof(header));
	memcpy(data + sizeof(header), blob->types, blob->types_len);
	memcpy(data + sizeof(header) + blob->types_len, blob->strings, blob->strings_len);
	free(blob);
	return data;
}
