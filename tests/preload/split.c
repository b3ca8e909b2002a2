// SPDX-License-Identifier: GPL-2.0
/* What is sealed has a mapping of its own in /proc/self/maps, as on a kernel with mseal(). */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "test.h"

#define HUGE_PAGE	(2UL << 20)

struct mapping {
	uintptr_t start;
	/* As in "VmFlags". */
	char flags[256];
};

static struct mapping mapping_of(const char *at)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	struct mapping m = { 0 };
	uintptr_t start, end;
	bool found = false;
	char line[512];

	ck_assert_ptr_nonnull(smaps);
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2 &&
		    start <= (uintptr_t)at && (uintptr_t)at < end) {
			m.start = start;
			found = true;
		} else if (found && sscanf(line, "VmFlags: %255[^\n]", m.flags) == 1) {
			break;
		}
	}
	fclose(smaps);
	ck_assert(found);
	return m;
}

static bool seam_at(const char *at)
{
	return mapping_of(at).start == (uintptr_t)at;
}

static bool has_flag(const char *at, const char *flag)
{
	struct mapping m = mapping_of(at);

	return strstr(m.flags, flag);
}

/* Before the seal there is no seam, nor is there any where nothing can seal. */
START_TEST(seal_has_its_mapping)
{
	char *at = map(4);

	ck_assert(!seam_at(at + page) && !seam_at(at + 3 * page));
	ck_assert_int_eq(ways[_i].seal(at + page, 2 * page, 0), sealable() ? 0 : -1);
	ck_assert_int_eq(seam_at(at + page), sealable());
	ck_assert_int_eq(seam_at(at + 3 * page), sealable());
	ck_assert(!seam_at(at + 2 * page));
	at[page] = 42;
	if (sealable())
		expect_sealed(at + page);
	expect_free(at);
	expect_free(at + 3 * page);
}
END_TEST

START_TEST(seals_merge)
{
	char *at = map(4);

	for (size_t i = 1; i <= 2; i++)
		ck_assert_int_eq(ways[_i].seal(at + i * page, page, 0), sealable() ? 0 : -1);
	ck_assert_int_eq(seam_at(at + page), sealable());
	ck_assert(!seam_at(at + 2 * page));
	ck_assert_int_eq(seam_at(at + 3 * page), sealable());
}
END_TEST

/* A flag that there isn't; a range with a hole behind it. */
START_TEST(refused_seal_splits_nothing)
{
	char *at = map(4);

	ck_assert_int_eq(munmap(at + 3 * page, page), 0);
	ck_assert_int_eq(ways[_i].seal(at + page, page, 1), -1);
	ck_assert_int_eq(ways[_i].seal(at + page, 3 * page, 0), -1);
	ck_assert(!seam_at(at + page) && !seam_at(at + 2 * page));
	ck_assert_int_eq(ways[_i].seal(at + page, page, 0), sealable() ? 0 : -1);
	ck_assert_int_eq(seam_at(at + page), sealable());
}
END_TEST

/* Three of a huge page's size, aligned, that want huge pages; "hg" says so. */
static char *map_huge(void)
{
	char *at = mmap(NULL, 4 * HUGE_PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	ck_assert_ptr_ne(at, MAP_FAILED);
	at += -(uintptr_t)at % HUGE_PAGE;
	ck_assert_int_eq(madvise(at, 3 * HUGE_PAGE, MADV_HUGEPAGE), 0);
	ck_assert(has_flag(at + HUGE_PAGE, "hg"));
	return at;
}

/* What is smaller loses the wish only because none fits. */
static const size_t beside_huge[] = { HUGE_PAGE, HUGE_PAGE - 1, HUGE_PAGE - 4096 };

#define SIZES	(int)(sizeof(beside_huge) / sizeof(beside_huge[0]))

START_TEST(huge_pages_remain)
{
	size_t len = beside_huge[_i % SIZES];
	bool fits = len > HUGE_PAGE - page;
	char *at = map_huge(), *middle = at + HUGE_PAGE;

	ck_assert_int_eq(ways[_i / SIZES].seal(middle, len, 0), sealable() ? 0 : -1);
	ck_assert_int_eq(has_flag(middle, "hg"), fits || native() || !sealable());
	ck_assert(has_flag(at, "hg") && has_flag(at + 2 * HUGE_PAGE, "hg"));
	ck_assert_int_eq(seam_at(middle), native() || (sealable() && !fits));
}
END_TEST

static void forbid_advice(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

START_TEST(unsplit_holds)
{
	char *at = map(2);

	forbid_advice();
	at[page] = 42;
	errno = UNTOUCHED;
	ck_assert_int_eq(ways[_i].seal(at + page, page, 0), sealable() ? 0 : -1);
	ck_assert_int_eq(errno, sealable() ? UNTOUCHED : ENOSYS);
	ck_assert_int_eq(seam_at(at + page), native());
	if (sealable())
		expect_sealed(at + page);
	expect_free(at);
}
END_TEST

TCase *split_case(void)
{
	TCase *tcase = tcase_create("split");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, seal_has_its_mapping, 0, 2);
	tcase_add_loop_test(tcase, seals_merge, 0, 2);
	tcase_add_loop_test(tcase, refused_seal_splits_nothing, 0, 2);
	tcase_add_loop_test(tcase, huge_pages_remain, 0, 2 * SIZES);
	tcase_add_loop_test(tcase, unsplit_holds, 0, 2);
	return tcase;
}
