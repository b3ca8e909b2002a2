// SPDX-License-Identifier: GPL-2.0
/*
 * Every call that changes mappings, at random, from several threads of several
 * processes, on and around memory that is sealed, or is being sealed just now.
 * Whatever they do, what is sealed stays as it is, and is listed as it is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "random_look.h"
#include "random_u64.h"
#include "report.h"
#include "storm.h"

/* All threads of all processes together. */
#define STRIKES		2200000
#define PROCESSES	3
#define THREADS		2
/* A process has so many in its life, then another one takes its place. */
#define STRIKES_EACH	(STRIKES / PROCESSES / 4)
#define FORK_EVERY	4096
#define RESERVE		(1 << 20)

#define SEAL_ALL	(MSEAL_T_FREEZE | MSEAL_T_NATIVE | MSEAL_T_DISCARD_ALL)

/* Sealed from the beginning, with content that has to stay. */
#define VAULT_PAGES	4
static const struct vault {
	unsigned int from;
	int prot;
	bool file, shared;
} vaults[] = {
	{ 16, PROT_READ, false, false },
	{ 48, PROT_READ | PROT_WRITE, false, false },
	{ 80, PROT_READ, true, true },
	{ 112, PROT_READ | PROT_WRITE, true, false },
};

/* Where a page more is sealed now and then, if there is one just then. */
#define NEW_FROM	128
#define NEW_PAGES	64

/* Shared by all processes. */
static struct tally {
	atomic_long calls[NR_STORM_CALLS], done[NR_STORM_CALLS];
	atomic_long refused[NR_STORM_CALLS];
	atomic_long forks, looks, seals;
} *tally;

struct process {
	struct model model;	/* of the sealed pages only */
	struct place place;
	char *breaks;
	int segment;
	long strikes;
	unsigned long seed;
	atomic_int over;	/* threads that have ended */
};

static char *vault_at(const struct vault *vault)
{
	return arena + vault->from * page;
}

static char content(const struct vault *vault, size_t i)
{
	return (char)(vault->from + i / page * 7 + i % 251);
}

/* Without Check: this is for the children of a process with threads, too. */
static bool vaults_unchanged(void)
{
	size_t v, i;

	for (v = 0; v < ARRAY_SIZE(vaults); v++)
		for (i = 0; i < VAULT_PAGES * page; i += 61)
			if (vault_at(&vaults[v])[i] != content(&vaults[v], i))
				return false;
	return true;
}

static bool meets_vault(const struct range *range)
{
	size_t v;

	for (v = 0; range->pages && v < ARRAY_SIZE(vaults); v++)
		if (range->at < vault_at(&vaults[v]) + VAULT_PAGES * page &&
		    range->at + range->pages * page > vault_at(&vaults[v]))
			return true;
	return false;
}

static bool meets_new(const struct range *range)
{
	return range->pages && range->at < arena + (NEW_FROM + NEW_PAGES) * page &&
	       range->at + range->pages * page > arena + NEW_FROM * page;
}

static void judge(const struct process *process, const struct strike *strike)
{
	const struct range *from = &strike->from, *to = &strike->to;
	bool sealed = meets_vault(from) || meets_vault(to);
	const char *wrong = NULL;

	if (strike->spoils && sealed && !strike->ret)
		wrong = "was done to what is sealed";
	if (strike->spoils && !sealed && !meets_new(from) && !meets_new(to) &&
	    strike->ret == -EPERM)
		wrong = "was refused where nothing is sealed";
	if (wrong)
		ck_abort_msg("MSEAL_TEST_SEED=%lu, seed %lu: %s, %zu pages at page %ld, %zu at %ld, %s",
			     test_seed(), process->seed,
			     storm_calls[strike->call].name, from->pages,
			     (from->at - arena) / (long)page, to->pages,
			     to->pages ? (to->at - arena) / (long)page : 0, wrong);
}

/* A child has the vaults, too, whatever happens meanwhile. */
static void fork_and_look(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(vaults_unchanged() && munmap(vault_at(&vaults[1]), page) &&
		      errno == EPERM ? 0 : 1);
	if (pid < 0)
		ck_abort_msg("fork: %s", strerror(errno));
	if (wait_status(pid))
		ck_abort_msg("MSEAL_TEST_SEED=%lu: a child's vault is not what it was",
			     test_seed());
	atomic_fetch_add(&tally->forks, 1);
}

struct thread {
	struct process *process;
	pthread_t thread;
	struct stormer stormer;
};

static void *rage(void *arg)
{
	struct thread *thread = arg;
	struct process *process = thread->process;
	struct strike strike;
	long i;

	for (i = 1; i <= process->strikes / THREADS; i++) {
		storm_strike(&thread->stormer, &strike);
		judge(process, &strike);
		atomic_fetch_add(&tally->calls[strike.call], 1);
		atomic_fetch_add(&tally->done[strike.call], !strike.ret);
		atomic_fetch_add(&tally->refused[strike.call], strike.ret == -EPERM);
		if (i % FORK_EVERY == 0)
			fork_and_look();
	}
	atomic_fetch_add(&process->over, 1);
	return NULL;
}

static void make_vault(struct process *process, const struct vault *vault)
{
	size_t len = VAULT_PAGES * page, i;
	int flags = MAP_FIXED | (vault->shared ? MAP_SHARED : MAP_PRIVATE);
	int fd = -1;
	char *at;

	if (vault->file) {
		fd = memfd_create("vault", MFD_CLOEXEC);
		ck_assert_int_eq(ftruncate(fd, len), 0);
	} else {
		flags |= MAP_ANONYMOUS;
	}
	at = mmap(vault_at(vault), len, PROT_READ | PROT_WRITE, flags, fd, 0);
	ck_assert_ptr_eq(at, vault_at(vault));
	for (i = 0; i < len; i++)
		at[i] = content(vault, i);
	ck_assert_int_eq(mprotect(at, len, vault->prot), 0);
	ck_assert_int_eq(device_seal(at, len, SEAL_ALL), 0);
	for (i = 0; i < VAULT_PAGES; i++) {
		process->model.pages[vault->from + i].types = SEAL_ALL;
		process->model.pages[vault->from + i].prot = vault->prot;
	}
	close(fd);
}

static void look(struct process *process)
{
	int prots[MODEL_PAGES];
	unsigned int i;

	look_seals(&process->model, &process->place, 0, MODEL_PAGES);
	look_prots(prots, arena);
	for (i = 0; i < MODEL_PAGES; i++)
		if (process->model.pages[i].types &&
		    prots[i] != process->model.pages[i].prot)
			ck_abort_msg("MSEAL_TEST_SEED=%lu, seed %lu: sealed page %u has protection %d, not %d",
				     test_seed(), process->seed, i, prots[i],
				     process->model.pages[i].prot);
	if (!vaults_unchanged())
		ck_abort_msg("MSEAL_TEST_SEED=%lu, seed %lu: a vault's content has changed",
			     test_seed(), process->seed);
	atomic_fetch_add(&tally->looks, 1);
}

/* What protection it has is known only once that can't change any more. */
static void seal_a_page(struct process *process, uint64_t *random)
{
	unsigned int which = NEW_FROM + random_u64(random) % NEW_PAGES;
	int prots[MODEL_PAGES];
	long err = device_seal(arena + which * page, page, SEAL_ALL);

	if (err && err != -ENOMEM)
		ck_abort_msg("seal: %s", strerror((int)-err));
	if (err || process->model.pages[which].types)
		return;
	look_prots(prots, arena);
	process->model.pages[which].types = SEAL_ALL;
	process->model.pages[which].prot = prots[which];
	atomic_fetch_add(&tally->seals, 1);
}

/* malloc() has a reserve then, and leaves the break alone. */
static char *take_over_break(void)
{
	char *now;

	ck_assert(mallopt(M_TRIM_THRESHOLD, INT_MAX));
	ck_assert(mallopt(M_MMAP_THRESHOLD, 2 * RESERVE));
	free(malloc(RESERVE));
	now = (char *)syscall(SYS_brk, NULL);
	return (char *)(((unsigned long)now + page - 1) & -page);
}

static void live(void *arg)
{
	const struct timespec moment = { .tv_nsec = 5000000 };
	struct process *process = arg;
	struct thread threads[THREADS];
	uint64_t random = process->seed;
	size_t i;

	process->place = (struct place){ .base = arena, .seed = process->seed };
	process->breaks = take_over_break();
	for (i = 0; i < ARRAY_SIZE(vaults); i++)
		make_vault(process, &vaults[i]);
	for (i = 0; i < THREADS; i++) {
		threads[i].process = process;
		stormer_open(&threads[i].stormer, arena, process->breaks,
			     process->segment, random_u64(&random));
		ck_assert_int_eq(pthread_create(&threads[i].thread, NULL, rage,
						&threads[i]), 0);
	}
	do {
		seal_a_page(process, &random);
		look(process);
		nanosleep(&moment, NULL);
	} while (atomic_load(&process->over) < THREADS);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i].thread, NULL), 0);
	look(process);
}

/* One process after the other. */
static void line(void *arg)
{
	struct process *process = arg;
	long left = process->strikes;

	for (; left > 0; left -= STRIKES_EACH) {
		process->strikes = left < STRIKES_EACH ? left : STRIKES_EACH;
		in_child(live, process);
		process->seed += PROCESSES;
	}
}

static void settle_accounts(void)
{
	long calls = 0, hooked = 0, refused = 0;
	size_t i;

	for (i = 0; i < NR_STORM_CALLS; i++) {
		note("%s: %ld calls, %ld done, %ld refused", storm_calls[i].name,
		     tally->calls[i], tally->done[i], tally->refused[i]);
		calls += tally->calls[i];
		hooked += storm_calls[i].hooked ? tally->calls[i] : 0;
		refused += tally->refused[i];
	}
	note("MSEAL_TEST_SEED=%lu: %ld calls, %ld of them hooked, %ld refused; %ld forks, %ld looks, %ld seals meanwhile",
	     test_seed(), calls, hooked, refused, tally->forks, tally->looks, tally->seals);
	for (i = 0; i < NR_STORM_CALLS; i++) {
		ck_assert_int_gt(tally->calls[i], 0);
		/* Not every machine has protection keys. */
		if (storm_calls[i].refused && tally->done[i])
			ck_assert_int_gt(tally->refused[i], 0);
	}
	ck_assert_int_ge(hooked, scaled(2000000));
	ck_assert_int_ge(refused, scaled(100000));
	ck_assert_int_gt(tally->looks, 0);
}

static void storm(int row)
{
	struct process processes[PROCESSES] = { 0 };
	pid_t pids[PROCESSES];
	struct uring ring;
	int segment, i;

	(void)row;
	uring_open(&ring, 0);
	segment = shmget(IPC_PRIVATE, 8 * page, IPC_CREAT | 0600);
	if (segment < 0)
		skip("no System V shared memory");
	/* Attached, it lives on until the last process has ended. */
	ck_assert_ptr_ne(shmat(segment, NULL, 0), (void *)-1);
	ck_assert_int_eq(shmctl(segment, IPC_RMID, NULL), 0);
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(tally, MAP_FAILED);
	for (i = 0; i < PROCESSES; i++) {
		processes[i].segment = segment;
		processes[i].strikes = scaled(STRIKES) / PROCESSES;
		processes[i].seed = test_seed() + i;
		pids[i] = child_start(line, &processes[i]);
	}
	for (i = 0; i < PROCESSES; i++)
		child_wait(pids[i]);
	settle_accounts();
}

static const struct test_case cases[] = {
	LONG_CASE(storm, 1200),
};

SUITE(storm, cases, ENTRY_USUAL);
