// SPDX-License-Identifier: GPL-2.0
/* libmseal at its worst moments, over and over, with the real kernel. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <mseal.h>
#include <linux/mseal_dev.h>

#include "cases.h"
#include "library.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#define UNTOUCHED	12345
#define THREADS		8

static char *map_pages(long pages)
{
	char *at = mmap(NULL, (size_t)pages * page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(at, MAP_FAILED);
	return at;
}

static bool is_refused(char *at)
{
	return munmap(at, page) == -1 && errno == EPERM;
}

static bool seals(char *at)
{
	errno = UNTOUCHED;
	return !mseal(at, page, 0) && errno == UNTOUCHED && is_refused(at);
}

/* Check's own descriptors go, too, so these cases tell by an exit status. */
static void close_all(void)
{
	if (syscall(SYS_close_range, 3U, ~0U, 0))
		_exit(2);
}

#define HANDLED	50

static char *for_handler;
static volatile sig_atomic_t handled, failed_in_handler;

static void on_alarm(int sig)
{
	int saved = errno;

	(void)sig;
	if (!seals(for_handler + (size_t)(handled % HANDLED) * page))
		failed_in_handler = 1;
	handled++;
	errno = saved;
}

/* Wherever it is cut, with the descriptor still there or gone. */
static void seal_under_signals(void *arg)
{
	const struct itimerval every = { { 0, 1000 }, { 0, 1000 } };
	long want = *(long *)arg;
	char *at = map_pages(1);

	close_all();
	if (signal(SIGALRM, on_alarm) == SIG_ERR || setitimer(ITIMER_REAL, &every, NULL))
		_exit(3);
	for (long i = 0; handled < want; i++) {
		if (!seals(at))
			_exit(4);
		if (failed_in_handler)
			_exit(5);
		if (i % 4 == 0)
			close_all();
	}
	_exit(0);
}

static void handler_seals(int row)
{
	long rounds = scaled(5000);

	(void)row;
	for_handler = map_pages(HANDLED);
	in_child(seal_under_signals, &rounds);
}

struct forker {
	pthread_t thread;
	char *at;
	long rounds;
	long failures;
};

static pthread_barrier_t start;

static void seal_in_child(char *at)
{
	_exit(seals(at) && seals(at + page) ? 0 : 1);
}

/* A child's alarm ends it should it wait for a thread that it hasn't got. */
static void *fork_and_seal(void *arg)
{
	struct forker *f = arg;

	pthread_barrier_wait(&start);
	for (long i = 0; i < f->rounds; i++) {
		pid_t pid;

		if (!seals(f->at))
			f->failures++;
		pid = fork();
		if (!pid) {
			alarm(20);
			seal_in_child(f->at);
		}
		if (pid < 0 || wait_status(pid))
			f->failures++;
		if (is_refused(f->at + page))
			f->failures++;
		f->at = map_pages(2);
	}
	return NULL;
}

/* Every thread of many seals, forks and seals in the child, the first time too. */
static void forks_of_many(int row)
{
	struct forker forkers[THREADS];

	(void)row;
	ck_assert_int_eq(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (int i = 0; i < THREADS; i++) {
		forkers[i] = (struct forker){ .at = map_pages(2), .rounds = scaled(200) };
		ck_assert_int_eq(pthread_create(&forkers[i].thread, NULL, fork_and_seal,
						&forkers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(forkers[i].thread, NULL), 0);
		ck_assert_int_eq(forkers[i].failures, 0);
	}
}

struct sweep {
	pthread_t thread;
	long rounds;
	long sealed, unserved, wrong;
};

static atomic_bool sweeping;

/* Where the library puts its descriptor, and where it may have to. */
static const int places[] = { 1000, 3, 4, 5 };

static void *sweep(void *unused)
{
	while (sweeping) {
		int other = open("/dev/null", O_RDWR | O_CLOEXEC);

		for (size_t i = 0; i < ARRAY_SIZE(places); i++)
			dup2(other, places[i]);
		sched_yield();
		close_all();
	}
	return unused;
}

/* The descriptor may go twice in one call; then nothing is sealed, and it says so. */
static void *seal_while_swept(void *arg)
{
	struct sweep *s = arg;

	for (long i = 0; i < s->rounds; i++) {
		char *at = map_pages(1);

		if (!mseal(at, page, 0)) {
			s->sealed++;
			s->wrong += !is_refused(at);
		} else {
			s->unserved++;
			s->wrong += errno != ENOSYS || munmap(at, page);
		}
	}
	return NULL;
}

static void seal_among_sweepers(void *arg)
{
	struct sweep s[4];
	pthread_t sweeper;
	long sealed = 0, wrong = 0;

	sweeping = true;
	if (pthread_create(&sweeper, NULL, sweep, NULL))
		_exit(3);
	for (int i = 0; i < 4; i++) {
		s[i] = (struct sweep){ .rounds = *(long *)arg };
		if (pthread_create(&s[i].thread, NULL, seal_while_swept, &s[i]))
			_exit(3);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(s[i].thread, NULL);
		sealed += s[i].sealed;
		wrong += s[i].wrong;
	}
	sweeping = false;
	pthread_join(sweeper, NULL);
	if (wrong)
		_exit(4);
	if (!sealed)
		_exit(5);
	_exit(seals(map_pages(1)) ? 0 : 6);
}

/* All descriptors are closed, and others come in their places, all the time. */
static void descriptors_swept(int row)
{
	long rounds = scaled(2000);

	(void)row;
	in_child(seal_among_sweepers, &rounds);
}

static atomic_int waiting;
static atomic_bool appeared;

/* Before the device is there nothing is sealed; afterwards no call fails. */
static void *seal_when_it_appears(void *at)
{
	bool there, counted = false;

	do {
		there = appeared;
		errno = UNTOUCHED;
		if (!mseal(at, page, 0))
			return is_refused(at) && counted ? NULL : at;
		if (there || errno != ENOSYS)
			return at;
		if (!counted)
			waiting++;
		counted = true;
		sched_yield();
	} while (true);
}

/* A root directory with nothing in it but an empty /dev. */
static void enter_root(const char *dir)
{
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(mkdir("dev", 0755), 0);
	ck_assert_int_eq(chroot("."), 0);
}

static void remove_root(int parent, const char *dir)
{
	ck_assert_int_eq(unlink(MSEAL_DEVICE), 0);
	ck_assert_int_eq(rmdir("/dev"), 0);
	ck_assert_int_eq(unlinkat(parent, strrchr(dir, '/') + 1, AT_REMOVEDIR), 0);
}

static void device_appears(int row)
{
	char dir[] = "/tmp/mseal-test.XXXXXX";
	int parent = open("/tmp", O_PATH | O_CLOEXEC);
	pthread_t threads[THREADS];
	struct stat st;
	void *wrong;

	(void)row;
	need_root();
	ck_assert_int_eq(stat(MSEAL_DEVICE, &st), 0);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	enter_root(dir);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, seal_when_it_appears,
						map_pages(1)), 0);
	while (waiting < THREADS)
		sched_yield();
	if (mknod(MSEAL_DEVICE, S_IFCHR | 0666, st.st_rdev))
		skip("can't make a device node (%s)", strerror(errno));
	appeared = true;
	for (int i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &wrong), 0);
		ck_assert_ptr_null(wrong);
	}
	remove_root(parent, dir);
}

static const struct test_case cases[] = {
	LONG_CASE(handler_seals, 300),
	LONG_CASE(forks_of_many, 300),
	LONG_CASE(descriptors_swept, 300),
	CASE(device_appears),
};

SUITE(library_stress, cases, ENTRY_USUAL);
