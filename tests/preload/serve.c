// SPDX-License-Identifier: GPL-2.0
/* Number 462 and mseal(), as a kernel that has them answers. */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "test.h"

static const struct request {
	const char *name;
	long skew;
	size_t len;
	unsigned long flags;
	int want;
} requests[] = {
	{ "a page", 0, 4096, 0, 0 },
	{ "nothing", 0, 0, 0, 0 },
	{ "flags", 0, 4096, 1, EINVAL },
	{ "highest flag", 0, 4096, 1UL << (sizeof(long) * CHAR_BIT - 1), EINVAL },
	{ "unaligned", 1, 4096, 0, EINVAL },
	{ "length rounds to 0", 0, SIZE_MAX, 0, EINVAL },
	{ "range wraps", 0, SIZE_MAX - 4095, 0, EINVAL },
	{ "hole", 0, 8192, 0, ENOMEM },
};

#define REQUESTS	(int)(sizeof(requests) / sizeof(requests[0]))

/* The page has a hole behind it. */
START_TEST(answers)
{
	const struct request *r = &requests[_i % REQUESTS];
	const struct way *way = &ways[_i / REQUESTS];
	char *at = map(2);
	int want = sealable() ? r->want : ENOSYS;

	ck_assert_int_eq(munmap(at + page, page), 0);
	errno = UNTOUCHED;
	ck_assert_msg(way->seal(at + r->skew, r->len, r->flags) == (want ? -1 : 0),
		      "%s, by %s", r->name, way->name);
	ck_assert_msg(errno == (want ? want : UNTOUCHED), "%s, by %s: errno %d", r->name,
		      way->name, errno);
	if (r->len == page && !want)
		expect_sealed(at);
	else
		expect_free(at);
}
END_TEST

/* The other door stays open for what isn't sealed. */
START_TEST(neighbour_is_free)
{
	char *at = map(2);

	ck_assert_int_eq(ways[_i].seal(at, page, 0), sealable() ? 0 : -1);
	if (sealable())
		expect_sealed(at);
	expect_free(at + page);
}
END_TEST

static void forbid_call(unsigned int err)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NR_MSEAL, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static const unsigned int filtered[] = { EPERM, EACCES, EXDEV, ENOSYS };

#define FILTERED	(int)(sizeof(filtered) / sizeof(filtered[0]))

/* Where the kernel has no such call, none is made, and the filter isn't asked. */
START_TEST(filter_has_its_say)
{
	const struct way *way = &ways[_i / FILTERED];
	int say = (int)filtered[_i % FILTERED], want = say;
	char *at = map(1);

	if (!native())
		want = sealable() ? 0 : ENOSYS;
	forbid_call((unsigned int)say);
	errno = UNTOUCHED;
	ck_assert_msg(way->seal(at, page, 0) == (want ? -1 : 0), "%d, by %s", say,
		      way->name);
	ck_assert_msg(errno == (want ? want : UNTOUCHED), "%d, by %s: errno %d", say,
		      way->name, errno);
	if (want)
		expect_free(at);
	else
		expect_sealed(at);
}
END_TEST

static long early[2] = { -2, -2 };
static char *early_pages;

/* Before any constructor, those of the preloaded library's dependencies included. */
static void seal_early(void)
{
	early_pages = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	early_pages[0] = early_pages[4096] = 42;
	early[0] = syscall(NR_MSEAL, early_pages, 4096UL, 0UL);
	early[1] = mseal(early_pages + 4096, 4096, 0);
}

__attribute__((section(".preinit_array"), used))
static void (*const at_first)(void) = seal_early;

START_TEST(before_constructors)
{
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(early[i], sealable() ? 0 : -1);
		if (sealable())
			expect_sealed(early_pages + (size_t)i * page);
	}
}
END_TEST

#define THREADS	8

static pthread_barrier_t start;
static atomic_int failures;

static void *seal_own(void *at)
{
	pthread_barrier_wait(&start);
	for (int i = 0; i < 2; i++)
		if (ways[i].seal((char *)at + (size_t)i * page, page, 0))
			failures++;
	return NULL;
}

START_TEST(by_many_at_once)
{
	pthread_t threads[THREADS];
	char *at = map(2 * THREADS);

	ck_assert_int_eq(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (size_t i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, seal_own,
						at + 2 * i * page), 0);
	for (size_t i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(failures, sealable() ? 0 : 2 * THREADS);
	for (size_t i = 0; i < 2UL * THREADS && sealable(); i++) {
		at[i * page] = 42;
		expect_sealed(at + i * page);
	}
}
END_TEST

TCase *serve_case(void)
{
	TCase *tcase = tcase_create("serve");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, answers, 0, 2 * REQUESTS);
	tcase_add_loop_test(tcase, neighbour_is_free, 0, 2);
	tcase_add_loop_test(tcase, filter_has_its_say, 0, 2 * FILTERED);
	tcase_add_test(tcase, before_constructors);
	tcase_add_test(tcase, by_many_at_once);
	return tcase;
}
