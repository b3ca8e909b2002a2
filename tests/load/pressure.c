// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "pressure.h"
#include "proc.h"

#define NR_THREADS	2
#define PAGES		8
#define RW		(PROT_READ | PROT_WRITE)

enum worker { THREADS, FORKER = NR_THREADS, EXECER, NR_WORKERS };

/* Shared by all processes. */
static struct shared {
	atomic_bool stop;
	atomic_ulong done[NR_WORKERS];
	atomic_bool failed;
	char failure[128];	/* by whoever set failed first */
} *shared;

static unsigned long seen[NR_WORKERS];
static pid_t pids[3];

static bool expect(bool ok, const char *what)
{
	int error = errno;

	if (!ok && !atomic_exchange(&shared->failed, true))
		snprintf(shared->failure, sizeof(shared->failure), "%s: %s", what,
			 strerror(error));
	return ok;
}

/* Everything that the module guards, on memory that nobody has sealed. */
static bool change_maps(void)
{
	char *at = mmap(NULL, PAGES * page, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *grown;

	if (!expect(at != MAP_FAILED, "mmap"))
		return false;
	memset(at, 1, PAGES * page);
	grown = mremap(at, PAGES * page, 2 * PAGES * page, MREMAP_MAYMOVE);
	return expect(grown != MAP_FAILED, "mremap") &&
	       expect(grown[PAGES * page - 1] == 1, "content after mremap") &&
	       expect(!mprotect(grown + page, page, PROT_READ), "mprotect") &&
	       expect(!madvise(grown + page, page, MADV_DONTNEED), "madvise") &&
	       expect(!grown[page], "content after madvise") &&
	       expect(mmap(grown + 2 * page, page, RW, MAP_FIXED | MAP_PRIVATE |
			   MAP_ANONYMOUS, -1, 0) != MAP_FAILED, "mmap over") &&
	       expect(!grown[2 * page], "content after mmap over") &&
	       expect(!munmap(grown + 3 * page, page), "munmap of a part") &&
	       expect(!munmap(grown, 2 * PAGES * page), "munmap");
}

/*
 * A round is done.  Whoever unloads waits for each process to have slept once,
 * which a machine that is busy without a pause may put off for long.
 */
static void done(enum worker worker)
{
	const struct timespec breath = { .tv_nsec = 20000000 };

	atomic_fetch_add(&shared->done[worker], 1);
	nanosleep(&breath, NULL);
}

static void *thread(void *worker)
{
	while (!atomic_load(&shared->stop) && change_maps())
		done((enum worker)(long)worker);
	return NULL;
}

static void be_threads(void *arg)
{
	pthread_t threads[NR_THREADS];
	int i;

	(void)arg;
	for (i = 0; i < NR_THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, thread,
						(void *)(long)(THREADS + i)), 0);
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void be_forker(void *arg)
{
	int status;
	pid_t pid;

	(void)arg;
	while (!atomic_load(&shared->stop)) {
		pid = fork();
		if (pid == 0)
			_exit(!change_maps());
		if (!expect(pid > 0, "fork"))
			break;
		status = wait_status(pid);
		if (!expect(!status, "forked process"))
			break;
		done(FORKER);
	}
}

static void be_execer(void *arg)
{
	pid_t pid;

	(void)arg;
	while (!atomic_load(&shared->stop)) {
		pid = vfork();
		if (pid == 0) {
			execl("/proc/self/exe", "mseal-load-test", PRESSURE_EXEC, NULL);
			_exit(1);
		}
		if (!expect(pid > 0, "vfork") ||
		    !expect(!wait_status(pid), "executed program"))
			break;
		done(EXECER);
	}
}

void pressure_start(void)
{
	shared = mmap(NULL, sizeof(*shared), RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
	pids[0] = child_start(be_threads, NULL);
	pids[1] = child_start(be_forker, NULL);
	pids[2] = child_start(be_execer, NULL);
}

unsigned long pressure_check(void)
{
	unsigned long sum = 0, now;
	int i;

	for (i = 0; i < NR_WORKERS; i++) {
		now = atomic_load(&shared->done[i]);
		ck_assert_msg(!atomic_load(&shared->failed), "under load, %s",
			      shared->failure);
		ck_assert_msg(now > seen[i], "worker %d stands still", i);
		seen[i] = now;
		sum += now;
	}
	return sum;
}

void pressure_stop(void)
{
	size_t i;

	atomic_store(&shared->stop, true);
	for (i = 0; i < sizeof(pids) / sizeof(pids[0]); i++)
		child_wait(pids[i]);
	ck_assert_msg(!atomic_load(&shared->failed), "under load, %s",
		      shared->failure);
}
