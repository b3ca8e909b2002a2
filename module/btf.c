// SPDX-License-Identifier: GPL-2.0
/*
 * Reading BTF.  Plain logic, also compiled in user space; nothing in the data is
 * relied on, and it need not be aligned.
 *
 * After a header come type records and strings.  A record is three words and
 * what its kind appends to them, so it can only be found by walking the ones
 * before it.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "btf.h"

#define HEADER_MAGIC	0xeb9f
#define HEADER_VERSION	1

struct header {
	u16 magic;
	u8 version;
	u8 flags;
	u32 len;
	u32 types_off;
	u32 types_len;
	u32 strings_off;
	u32 strings_len;
};

struct record {
	u32 name;
	u32 info;
	u32 ref;
};

/* Bits of struct record.info */
#define INFO_NR		0x0000ffff
#define INFO_KIND	0x1f000000
#define INFO_FLAG	0x80000000

/* Bytes that a kind appends to its record: once, and for each that it counts. */
static const struct {
	u8 once;
	u8 each;
} extra[MSEAL_BTF_NR_KINDS] = {
	[MSEAL_BTF_INT] = { 4, 0 },
	[MSEAL_BTF_ARRAY] = { sizeof(struct mseal_btf_array), 0 },
	[MSEAL_BTF_STRUCT] = { 0, 12 },
	[MSEAL_BTF_UNION] = { 0, 12 },
	[MSEAL_BTF_ENUM] = { 0, 8 },
	[MSEAL_BTF_FUNC_PROTO] = { 0, sizeof(struct mseal_btf_parameter) },
	[MSEAL_BTF_VAR] = { 4, 0 },
	[MSEAL_BTF_DATASEC] = { 0, 12 },
	[MSEAL_BTF_DECL_TAG] = { 4, 0 },
	[MSEAL_BTF_ENUM64] = { 0, 12 },
};

int mseal_btf_read(const struct mseal_btf *btf, u32 at,
		   struct mseal_btf_type *type)
{
	u32 room = btf->types_len - at, size;
	struct record record;

	if (room < sizeof(record))
		return -EINVAL;
	memcpy(&record, btf->types + at, sizeof(record));
	if (record.info & ~(INFO_NR | INFO_KIND | INFO_FLAG))
		return -EINVAL;
	type->kind = (record.info & INFO_KIND) >> 24;
	if (type->kind == MSEAL_BTF_VOID || type->kind >= MSEAL_BTF_NR_KINDS)
		return -EINVAL;
	type->nr = record.info & INFO_NR;
	size = sizeof(record) + extra[type->kind].once +
	       extra[type->kind].each * type->nr;
	if (room < size)
		return -EINVAL;
	type->name = record.name;
	type->ref = record.ref;
	type->flag = record.info & INFO_FLAG;
	type->extra = btf->types + at + sizeof(record);
	type->next = at + size;
	return 0;
}

/* When the marks run out, every second one goes. */
static void mark_next(struct mseal_btf *btf, u32 at)
{
	u32 i;

	if (btf->nr & ((1U << btf->shift) - 1))
		return;
	if (btf->nr >> btf->shift == MSEAL_BTF_MARKS) {
		for (i = 0; i < MSEAL_BTF_MARKS / 2; i++)
			btf->marks[i] = btf->marks[2 * i];
		btf->shift++;
	}
	btf->marks[btf->nr >> btf->shift] = at;
}

static int mark_types(struct mseal_btf *btf)
{
	struct mseal_btf_type type;
	u32 at;
	int err;

	btf->nr = 0;
	btf->shift = 0;
	for (at = 0; at < btf->types_len; at = type.next) {
		err = mseal_btf_read(btf, at, &type);
		if (err)
			return err;
		mark_next(btf, at);
		btf->nr++;
	}
	return 0;
}

static bool fits(u32 off, u32 len, size_t size)
{
	return off <= size && len <= size - off;
}

/* A header may be longer than the one known here: that adds, it never changes. */
int mseal_btf_open(struct mseal_btf *btf, const void *data, size_t size)
{
	struct header header;
	const u8 *sections;

	if (size < sizeof(header))
		return -EINVAL;
	memcpy(&header, data, sizeof(header));
	if (header.magic != HEADER_MAGIC || header.version != HEADER_VERSION ||
	    header.flags || header.len < sizeof(header) || header.len > size)
		return -EINVAL;
	size -= header.len;
	if (!fits(header.types_off, header.types_len, size) ||
	    !fits(header.strings_off, header.strings_len, size))
		return -EINVAL;

	sections = (const u8 *)data + header.len;
	btf->types = sections + header.types_off;
	btf->types_len = header.types_len;
	btf->strings = (const char *)sections + header.strings_off;
	btf->strings_len = header.strings_len;
	if (!btf->strings_len || btf->strings[0] ||
	    btf->strings[btf->strings_len - 1])
		return -EINVAL;
	return mark_types(btf);
}

int mseal_btf_find(const struct mseal_btf *btf, u32 id,
		   struct mseal_btf_type *type)
{
	u32 skip, at;
	int err;

	if (!id) {
		memset(type, 0, sizeof(*type));
		return 0;
	}
	if (id > btf->nr)
		return -EINVAL;
	at = btf->marks[(id - 1) >> btf->shift];
	skip = (id - 1) & ((1U << btf->shift) - 1);
	for (;;) {
		err = mseal_btf_read(btf, at, type);
		if (err || !skip--)
			return err;
		at = type->next;
	}
}

const char *mseal_btf_string(const struct mseal_btf *btf, u32 off)
{
	return off < btf->strings_len ? btf->strings + off : NULL;
}
