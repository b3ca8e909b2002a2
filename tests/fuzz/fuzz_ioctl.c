// SPDX-License-Identifier: GPL-2.0
/* Calls of the device, read from bytes, next to a model of their answers. */
#include <stdint.h>

#include "broken.h"
#include "fuzzer.h"
#include "ioctl_model.h"

struct bytes {
	const uint8_t *at;
	size_t left;
};

static unsigned int take(struct bytes *bytes)
{
	if (!bytes->left)
		return 0;
	bytes->left--;
	return *bytes->at++;
}

/* A number of the kind that decides something. */
static u64 take_number(struct bytes *bytes)
{
	unsigned int kind = take(bytes), small = take(bytes), i;
	u64 raw = small;

	switch (kind % 8) {
	case 0:
		return 0;
	case 1:
		return small;
	case 2:
		return small * PAGE_SIZE / 4;
	case 3:
		return SPACE_START + small % (2 * SPACE_PAGES) * PAGE_SIZE +
		       (kind & 0x80 ? 1 : 0);
	case 4:
		return HUGE_START + small % 6 * (HUGE_BYTES / 2) +
		       (kind & 0x80 ? PAGE_SIZE : 0);
	case 5:
		for (i = 1; i < sizeof(raw); i++)
			raw = raw << 8 | take(bytes);
		return raw;
	case 6:
		return -(u64)small * (kind & 0x80 ? PAGE_SIZE : 1);
	default:
		return USER_END - (kind & 0x80 ? 72 : 32) * (small % 128);
	}
}

static u32 take_size(struct bytes *bytes, size_t known)
{
	static const u32 sizes[] = {
		0, 4, 31, 32, 33, 39, 40, 41, 87, 88, 96, 104, 111, 112, 113,
		PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, UINT_MAX,
	};
	unsigned int which = take(bytes);

	return which % 2 ? known : sizes[which / 2 % (sizeof(sizes) / sizeof(*sizes))];
}

static void take_world(struct bytes *bytes)
{
	unsigned int good = take(bytes), bad = take(bytes);

	world.mapped = take(bytes) | take(bytes) << 8;
	world.new_seals = good % 8;
	world.live = good / 8 % 8;
	world.serves = good / 2 % 2;
	world.dying = bad % 16 == 1;
	world.frozen = bad % 16 == 2;
	world.sealed = bad % 16 == 6;
	world.prepare_err = bad % 16 == 3 ? -ENOMEM : 0;
	world.add_err = bad % 16 == 4 ? -ENOMEM : 0;
	world.query_err = bad % 16 == 5 ? -EINTR : 0;
}

static size_t put(void *argument, const void *from, size_t size)
{
	memcpy(argument, from, size);
	return size;
}

/* Returns how much of it the first version has. */
static size_t take_argument(struct bytes *bytes, unsigned int cmd, void *to)
{
	if (cmd == MSEAL_IOC_SEAL) {
		struct mseal_range range = {
			.addr = take_number(bytes),
			.len = take_number(bytes),
			.types = take_number(bytes),
			.flags = take(bytes) % 16 == 1,
			.reserved = take(bytes) % 16 == 1,
		};

		return put(to, &range, sizeof(range));
	}
	if (cmd == MSEAL_IOC_QUERY) {
		struct mseal_query query = {
			.addr = take_number(bytes),
			.records = take_number(bytes),
			.nr = (u32)take_number(bytes),
			.pidfd = take(bytes) % 8 == 1 ? 3 : MSEAL_QUERY_SELF,
			.reserved = take(bytes) % 16 == 1,
		};

		return put(to, &query, sizeof(query));
	}
	return put(to, &(struct mseal_info){
		.hooks = take_number(bytes),
		.nr_hooks = (u32)take_number(bytes),
		.counts = take_number(bytes),
		.nr_counts = (u32)take_number(bytes),
		.spaces = take_number(bytes),
		.reserved = take(bytes) % 16 == 1,
	}, sizeof(struct mseal_info));
}

/* Somewhere in user memory, mostly, or so that its end or all of it isn't there. */
static unsigned long take_place(struct bytes *bytes, size_t size)
{
	unsigned int kind = take(bytes), off = take(bytes);

	switch (kind % 4) {
	case 0:
		return USER_END - size + off % 8;
	case 1:
		return USER_END - off;
	case 2:
		return USER_START - (kind & 0x80 ? off : 0);
	default:
		return USER_START + off * 8;
	}
}

static void place(unsigned long at, const unsigned char *argument, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (user_there(at + i, 1))
			world.user[at + i - USER_START] = argument[i];
}

static void expect(const struct outcome *want, long ret)
{
	bool added = want->seals && !world.sealed;

	if (ret != want->ret)
		broken("answer %ld instead of %ld", ret, want->ret);
	if (world.added != added)
		broken("%u times sealed instead of %d", world.added, added);
	if (world.traced != want->seals || world.refused != (ret == -EPERM))
		broken("%u seals and %u refusals noted", world.traced, world.refused);
	if (added && (world.start != want->start || world.end != want->end ||
		      world.types != want->types))
		broken("%#lx-%#lx sealed, types %#llx", world.start, world.end,
		       world.types);
	/* What a call has written before it met a fault may stay. */
	if (ret != -EFAULT && memcmp(world.user, want->user, USER_BYTES))
		broken("user memory is not as it should be");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned int cmds[] = {
		MSEAL_IOC_SEAL, MSEAL_IOC_SEAL, MSEAL_IOC_INFO, MSEAL_IOC_QUERY,
	};
	static struct outcome want;
	struct bytes bytes = { data, size };
	unsigned char argument[2 * PAGE_SIZE] = { 0 };
	unsigned int which = take(&bytes), cmd = cmds[which % 4];
	unsigned long at;
	size_t known;
	u32 told;

	memset(world.user, which & 0x40 ? 0xa5 : 0, sizeof(world.user));
	take_world(&bytes);
	known = take_argument(&bytes, cmd, argument);
	told = take_size(&bytes, known);
	memcpy(argument, &told, sizeof(told));
	at = take_place(&bytes, told);
	if (which & 0x20)
		argument[known + take(&bytes)] = 1;
	place(at, argument, told < sizeof(argument) ? told : sizeof(argument));
	if (which >= 0xf8)
		cmd += 1 + which % 8 * 256;
	model_call(&want, cmd, at);
	expect(&want, world_call(cmd, at));
	return 0;
}
