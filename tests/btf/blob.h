/* SPDX-License-Identifier: GPL-2.0 */
/* BTF made by hand, right or wrong. */
#ifndef TESTS_BTF_BLOB_H
#define TESTS_BTF_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "btf.h"

#define BLOB_ROOM	(1 << 20)

/* As it lies at the beginning of BTF. */
struct blob_header {
	uint16_t magic;
	uint8_t version;
	uint8_t flags;
	uint32_t len;
	uint32_t types_off;
	uint32_t types_len;
	uint32_t strings_off;
	uint32_t strings_len;
};

struct blob {
	uint32_t nr;
	uint32_t types_len;
	uint32_t strings_len;
	uint8_t types[BLOB_ROOM];
	char strings[BLOB_ROOM];
};

/* A parameter of blob_proto(); without type and name it stands for "...". */
struct blob_parameter {
	uint32_t type;
	const char *name;
};

struct blob *blob_new(void);

/* Offset of a string, which is added unless it is NULL: that has offset 0. */
uint32_t blob_string(struct blob *blob, const char *s);

void blob_word(struct blob *blob, uint32_t word);

/* One record of three words; returns the identifier of the type. */
uint32_t blob_record(struct blob *blob, uint32_t name, uint32_t info, uint32_t ref);

/* The same from its parts; what the kind appends is left to the caller. */
uint32_t blob_type(struct blob *blob, enum mseal_btf_kind kind, const char *name,
		   uint32_t nr, uint32_t ref);

uint32_t blob_int(struct blob *blob, const char *name);
uint32_t blob_to(struct blob *blob, enum mseal_btf_kind kind, uint32_t ref);
uint32_t blob_array(struct blob *blob, uint32_t element, uint32_t nr);
uint32_t blob_struct(struct blob *blob, const char *name);
uint32_t blob_proto(struct blob *blob, uint32_t result, uint32_t nr,
		    const struct blob_parameter *parameters);
uint32_t blob_func(struct blob *blob, const char *name, uint32_t proto);

/* A pointer to a function with parameters of these types, without names. */
uint32_t blob_callback(struct blob *blob, uint32_t result, uint32_t nr, const uint32_t *types);

/* Ends the blob: BTF in a malloc()ed area of just its size. */
uint8_t *blob_finish(struct blob *blob, size_t *size);

#define blob_params(...) \
	sizeof((struct blob_parameter[]){ __VA_ARGS__ }) / sizeof(struct blob_parameter), \
	(struct blob_parameter[]){ __VA_ARGS__ }

#endif /* TESTS_BTF_BLOB_H */
