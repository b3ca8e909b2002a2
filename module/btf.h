/* SPDX-License-Identifier: GPL-2.0 */
/* Records of BTF, the kernel's description of its own types. */
#ifndef _MSEAL_BTF_H
#define _MSEAL_BTF_H

#include <linux/types.h>

enum mseal_btf_kind {
	MSEAL_BTF_VOID,		/* type 0, which has no record */
	MSEAL_BTF_INT,
	MSEAL_BTF_PTR,
	MSEAL_BTF_ARRAY,
	MSEAL_BTF_STRUCT,
	MSEAL_BTF_UNION,
	MSEAL_BTF_ENUM,
	MSEAL_BTF_FWD,
	MSEAL_BTF_TYPEDEF,
	MSEAL_BTF_VOLATILE,
	MSEAL_BTF_CONST,
	MSEAL_BTF_RESTRICT,
	MSEAL_BTF_FUNC,
	MSEAL_BTF_FUNC_PROTO,
	MSEAL_BTF_VAR,
	MSEAL_BTF_DATASEC,
	MSEAL_BTF_FLOAT,
	MSEAL_BTF_DECL_TAG,
	MSEAL_BTF_TYPE_TAG,
	MSEAL_BTF_ENUM64,
	MSEAL_BTF_NR_KINDS,
};

/**
 * struct mseal_btf_type - a type record
 * @kind: what it describes
 * @name: offset of its name, 0 if it has none
 * @ref: identifier of the type it refers to; a size in kinds that don't refer
 * @nr: how many members, parameters, ...
 * @flag: of a forward declaration: that of a union
 * @extra: what its kind appends to the record
 * @next: where the next record begins
 */
struct mseal_btf_type {
	enum mseal_btf_kind kind;
	u32 name;
	u32 ref;
	u32 nr;
	bool flag;
	const u8 *extra;
	u32 next;
};

/* What an array appends. */
struct mseal_btf_array {
	u32 element;
	u32 index;
	u32 nr;
};

/* What a function's type appends for each parameter. */
struct mseal_btf_parameter {
	u32 name;
	u32 type;
};

#define MSEAL_BTF_MARKS		1024

/**
 * struct mseal_btf - BTF whose records are well-formed, each by itself
 * @types: first type record
 * @types_len: bytes of type records
 * @strings: first string
 * @strings_len: bytes of strings, the last of which is NUL
 * @nr: number of types; their identifiers begin at 1
 * @shift: every 2^shift-th type has a mark
 * @marks: where in @types those are
 *
 * Too large for a stack.
 */
struct mseal_btf {
	const u8 *types;
	u32 types_len;
	const char *strings;
	u32 strings_len;
	u32 nr;
	u32 shift;
	u32 marks[MSEAL_BTF_MARKS];
};

/**
 * mseal_btf_open() - begin to read BTF
 * @btf: what to fill in
 * @data: the BTF, of any alignment, used as long as @btf is
 * @size: its length in bytes
 *
 * Return: 0, or -EINVAL if it is malformed or has records of an unknown kind.
 */
int mseal_btf_open(struct mseal_btf *btf, const void *data, size_t size);

/**
 * mseal_btf_read() - read one record
 * @btf: the BTF
 * @at: where it begins: 0, or the next of another that isn't types_len
 * @type: what to fill in
 *
 * Return: 0 or -EINVAL.
 */
int mseal_btf_read(const struct mseal_btf *btf, u32 at,
		   struct mseal_btf_type *type);

/**
 * mseal_btf_find() - read a type's record
 * @btf: the BTF
 * @id: any number; 0 stands for void
 * @type: what to fill in
 *
 * Return: 0, or -EINVAL if there is no such type.
 */
int mseal_btf_find(const struct mseal_btf *btf, u32 id,
		   struct mseal_btf_type *type);

/**
 * mseal_btf_string() - the string at an offset
 * @btf: the BTF
 * @off: any number
 *
 * Return: the string, or NULL if there is none.
 */
const char *mseal_btf_string(const struct mseal_btf *btf, u32 off);

#endif /* _MSEAL_BTF_H */
