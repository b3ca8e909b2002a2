// SPDX-License-Identifier: GPL-2.0
/* A process seals page by page while another one acts on its memory. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "peek.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "tracer.h"

#ifndef SYS_process_madvise
#define SYS_process_madvise	440
#endif

/* Every other page is sealed, so that the seals stay separate. */
#define PAGES	64
#define AT(i)	(arena + 2 * (i) * page)

/* Between the two processes. */
static struct shared {
	atomic_bool begin, over;
	atomic_int sealed;	/* raised when a seal has returned */
	atomic_long before, after;	/* done while unsealed, and sealed */
} *shared;

static struct gate leave;

static void map_all(void)
{
	int i;

	for (i = 0; i < PAGES; i++)
		layout_map(AT(i), "r");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
}

/* With a mark, put on each page once its seal has returned. */
static void *seal_pages(void *arg)
{
	const struct timespec moment = { .tv_nsec = 1 };
	const char *mark = arg;
	int i;

	while (!atomic_load(&shared->begin))
		nanosleep(&moment, NULL);
	for (i = 0; i < PAGES; i++) {
		if (seal(AT(i), page))
			_exit(2);
		if (mark && !poke(AT(i), *mark))
			_exit(3);
		atomic_store(&shared->sealed, i + 1);
		nanosleep(&moment, NULL);
	}
	atomic_store(&shared->over, true);
	return NULL;
}

static void begin_round(void)
{
	atomic_store(&shared->begin, false);
	atomic_store(&shared->over, false);
	atomic_store(&shared->sealed, 0);
	gate_init(&leave);
}

static void expect_all_sealed(void)
{
	int i;

	for (i = 0; i < PAGES; i++)
		ck_assert_msg(is_sealed(AT(i)) && *(volatile char *)AT(i) == 0x11,
			      "page %d isn't sealed, or is another", i);
}

static void be_advised(void *arg)
{
	seal_pages(arg);
	gate_wait(&leave);
	expect_all_sealed();
}

static void advise_round(int advice)
{
	pid_t pid;
	int process, i;

	begin_round();
	pid = child_start(be_advised, NULL);
	process = syscall(SYS_pidfd_open, pid, 0);
	for (i = 0; !atomic_load(&shared->over); i = (i + 1) % PAGES) {
		struct iovec iov = { AT(i), page };
		bool sealed = atomic_load(&shared->sealed) > i;
		long ret = syscall(SYS_process_madvise, process, &iov, 1, advice, 0);

		if (ret < 0 && !atomic_load(&shared->begin))
			skip("not allowed to advise processes");
		ck_assert_int_eq(ret, page);
		atomic_fetch_add(sealed ? &shared->after : &shared->before, 1);
		atomic_store(&shared->begin, true);
	}
	gate_open(&leave);
	child_wait(pid);
	close(process);
	close(leave.fd[0]);
	close(leave.fd[1]);
}

/* A busy machine takes more rounds until both sides have met so often. */
static bool goes_on(long done, long rounds)
{
	bool met = atomic_load(&shared->before) >= rounds &&
		   atomic_load(&shared->after) >= rounds;

	return done < rounds || (!met && done < 20 * rounds + 200);
}

static void settle_accounts(long rounds)
{
	note("%ld rounds, %ld times before the seal, %ld after", rounds,
	     atomic_load(&shared->before), atomic_load(&shared->after));
	ck_assert_int_ge(atomic_load(&shared->before), rounds);
	ck_assert_int_ge(atomic_load(&shared->after), rounds);
}

static const struct advice {
	const char *name;
	int advice;
} advices[] = {
	{ "COLD", MADV_COLD },
	{ "PAGEOUT", MADV_PAGEOUT },
};

/* It discards nothing, so it is never refused. */
static void advice_against_seal(int row)
{
	long rounds = scaled(500), i;

	map_all();
	for (i = 0; goes_on(i, rounds); i++)
		advise_round(advices[row].advice);
	settle_accounts(rounds);
}

#ifdef __x86_64__
/* One thread stops, to make its tracer's calls; the other one seals. */
static void be_traced(void *arg)
{
	static char mark = 0x11;
	pthread_t thread;

	(void)arg;
	ck_assert_int_eq(pthread_create(&thread, NULL, seal_pages, &mark), 0);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	ck_assert_int_eq(ptrace(PTRACE_TRACEME, 0, NULL, NULL), 0);
	raise(SIGSTOP);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	expect_all_sealed();
}

static void inject(pid_t pid, int i, long call, unsigned long argument)
{
	int before = atomic_load(&shared->sealed), after;
	long ret = tracer_inject(pid, call, (unsigned long)AT(i), page, argument, 0, 0);

	after = atomic_load(&shared->sealed);
	ck_assert_msg(ret ? ret == -EPERM && i <= after : i >= before,
		      "injected call %ld for page %d: %ld; %d to %d were sealed", call,
		      i, ret, before, after);
	atomic_fetch_add(ret ? &shared->after : &shared->before, 1);
}

/* One changes nothing, the other one what the sealer puts there again. */
static void inject_both(pid_t pid, int i)
{
	inject(pid, i, SYS_mprotect, PROT_READ);
	inject(pid, i, SYS_madvise, MADV_DONTNEED);
}

static void trace_round(void)
{
	pid_t pid;
	int i;

	begin_round();
	pid = child_start(be_traced, NULL);
	ck_assert_int_eq(tracer_wait(pid), SIGSTOP);
	for (i = 0; !atomic_load(&shared->over); i = (i + 1) % PAGES) {
		inject_both(pid, i);
		atomic_store(&shared->begin, true);
	}
	inject_both(pid, 0);
	ck_assert_int_eq(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	child_wait(pid);
	close(leave.fd[0]);
	close(leave.fd[1]);
}

static void tracer_against_seal(int row)
{
	long rounds = scaled(200), i;

	(void)row;
	need_peek();
	map_all();
	for (i = 0; goes_on(i, rounds); i++)
		trace_round();
	settle_accounts(rounds);
}
#endif /* __x86_64__ */

static const struct test_case cases[] = {
	LONG_ROWS(advice_against_seal, advices, 600),
#ifdef __x86_64__
	LONG_CASE(tracer_against_seal, 600),
#endif
};

SUITE(race_outside, cases, ENTRY_USUAL);
