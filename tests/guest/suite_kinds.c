// SPDX-License-Identifier: GPL-2.0
/* Each kind of mapping can be sealed, and the seal holds there. */
#define _GNU_SOURCE
#include <alloca.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "kinds.h"
#include "mem.h"
#include "proc.h"
#include "sealer.h"

struct target {
	const struct map_kind *kind;
	char *at;
	size_t len;
};

static int unmap(const struct target *t)
{
	return munmap(t->at, t->len);
}

static int map_over(const struct target *t)
{
	return mmap(t->at, t->len, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS |
		    MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int protect(const struct target *t)
{
	return mprotect(t->at, t->len, PROT_NONE);
}

static int (*const operations[])(const struct target *) = {
	unmap, map_over, protect,
};

static bool unmapped(const struct target *t)
{
	return !is_mapped(t->at) && !is_mapped(t->at + t->len - page);
}

static bool replaced(const struct target *t)
{
	struct page_state state = page_state(t->at);

	return state.mapped && !strcmp(state.perm, "r--p") && !state.inode;
}

static bool protected(const struct target *t)
{
	return is_mapped(t->at) && page_prot(t->at) == PROT_NONE;
}

static const struct target *own(struct target *t)
{
	t->at = kind_of_child(t->kind, t->at, &t->len);
	ck_assert(is_mapped(t->at));
	return t;
}

static void unsealed_munmap(void *arg)
{
	const struct target *t = own(arg);

	ck_assert_int_eq(unmap(t), 0);
	ck_assert(unmapped(t));
}

static void unsealed_map_over(void *arg)
{
	const struct target *t = own(arg);

	ck_assert_int_eq(map_over(t), 0);
	ck_assert(replaced(t));
}

static void unsealed_protect(void *arg)
{
	const struct target *t = own(arg);

	ck_assert_int_eq(protect(t), 0);
	ck_assert(protected(t));
}

static void sealed(int row)
{
	struct target t = { .kind = &map_kinds[row] };
	size_t i, pages;
	struct snap *before;

	t.at = t.kind->make(&t.len);
	in_child(unsealed_munmap, &t);
	in_child(unsealed_map_over, &t);
	in_child(unsealed_protect, &t);
	pages = t.kind->restless ? 0 : t.len / page;
	before = snap_take(t.at, pages);
	ck_assert_msg(!seal(t.at, t.len), "seal: %s", strerror(errno));
	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		struct page_state was = page_state(t.at), is;

		errno = 0;
		ck_assert_int_eq(operations[i](&t), -1);
		ck_assert_int_eq(errno, EPERM);
		is = page_state(t.at);
		ck_assert(state_same(&was, &is));
	}
	snap_expect_same(before);
}

static void touch_stack(long bytes)
{
	volatile char *room = alloca(bytes);

	while ((bytes -= 4096) >= 0)
		room[bytes] = 1;
}

static void stack_still_grows(int row)
{
	char *at, *grown;
	size_t len;

	(void)row;
	at = mapping_named("[stack]", &len);
	ck_assert_int_eq(seal(at, len), 0);
	touch_stack((long)len + (1 << 20));
	grown = mapping_named("[stack]", &len);
	/* With the seal the name may stay at the lower, grown part alone. */
	ck_assert(grown < at);
	ck_assert(is_sealed(at));
}

static void growsdown_still_grows(int row)
{
	char *below = arena - 4 * page;

	(void)row;
	layout_map(arena, "DD");
	layout_seal(arena, "DD");
	ck_assert(!is_mapped(below));
	*(volatile char *)below = 1;
	ck_assert(is_mapped(below));
	layout_expect_sealed(arena, "DD");
	ck_assert_int_eq(munmap(arena, page), -1);
	ck_assert_int_eq(errno, EPERM);
}

static const struct test_case cases[] = {
	ROWS(sealed, map_kinds),
	CASE(stack_still_grows),
	CASE(growsdown_still_grows),
};

SUITE(kinds, cases, ENTRY_USUAL);
