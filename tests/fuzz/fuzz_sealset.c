// SPDX-License-Identifier: GPL-2.0
/* A family's life, read from bytes: the first says where, then five per event. */
#include <errno.h>
#include <linux/slab.h>
#include <stddef.h>
#include <stdint.h>

#include "broken.h"
#include "family.h"
#include "fuzzer.h"
#include "slab.h"

#define PAGE	4096ul

static const struct {
	unsigned long base, unit;
} places[] = {
	{ 0, PAGE }, { 0x7f1234567000, PAGE }, { 0, 1 },
	{ ULONG_MAX - MODEL_CELLS * PAGE, PAGE },
};

struct event {
	uint8_t what;	/* kind, who, other: 4, 2, 2 bits */
	uint8_t first;	/* cell */
	uint8_t more;	/* cells behind it */
	uint8_t types;	/* types, limit: 4, 4 bits */
	uint8_t fail;	/* first, whether all that follow: 7, 1 bits */
};

static struct cells cells_of(const struct event *event)
{
	unsigned int first = event->first % MODEL_CELLS;

	return (struct cells){ first, first + event->more % (MODEL_CELLS - first) };
}

static u64 types_of(const struct event *event)
{
	unsigned int bits = event->types & 0xf;

	return model_types(bits ? bits : 1);
}

static void happen(struct family *family, const struct event *event)
{
	unsigned int who = event->what >> 4 & 3, other = event->what >> 6;
	unsigned int limit = event->types >> 4;
	struct cells at = cells_of(event);

	if (!family->members[who].set)
		return;
	slab_fail(event->fail & 0x7f, event->fail & 0x80 ? SLAB_ALWAYS : 1);
	switch (event->what & 0xf) {
	case 0:
		family_fork(family, who, other);
		break;
	case 1:
		family_exit(family, who);
		break;
	case 2:
		family_clone(family, who, other, GFP_KERNEL_ACCOUNT);
		break;
	case 3:
		family_clone(family, who, other, GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
		break;
	case 4:
	case 5:
		family_cut(family, who, at);
		break;
	case 6:
		family_hit(family, who, at, types_of(event));
		break;
	case 7:
		family_lacks(family, who, at, types_of(event), model_types(limit));
		break;
	case 8:
	case 9:
		family_unmap(family, who, at, limit ? 2 * limit : NO_LIMIT,
			     event->what & 1);
		break;
	case 10:
		family_list(family, who, at.first);
		break;
	default:
		family_add(family, who, at, types_of(event),
			   limit ? 2 * limit : NO_LIMIT);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return sealset_init();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct family family;

	if (!size)
		return 0;
	family_init(&family, places[*data % 4].base, places[*data % 4].unit);
	for (data++, size--; size >= sizeof(struct event);
	     data += sizeof(struct event), size -= sizeof(struct event))
		happen(&family, (const struct event *)data);
	family_end(&family);
	return 0;
}
