// SPDX-License-Identifier: GPL-2.0
/*
 * The program that debuggers and tracers look at: target MODE [ARGUMENT...]
 * What it prints is the same wherever it is placed in memory.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int number = 42;

/* Found by its name, so it has to be a symbol, and to be called. */
int work(int n);

__attribute__((noinline)) int work(int n)
{
	number += n;
	return number;
}

static int run_work(int argc, char **argv)
{
	int times = argc ? atoi(argv[0]) : 5;

	for (int i = 0; i < times; i++)
		work(1);
	printf("worked: %d\n", number);
	return 0;
}

/* Says whether its own text can be made writable. */
static int run_probe(int argc, char **argv)
{
	size_t size = sysconf(_SC_PAGESIZE);
	void *text = (void *)((unsigned long)work & -size);

	(void)argc, (void)argv;
	if (!mprotect(text, size, PROT_READ | PROT_WRITE | PROT_EXEC))
		printf("text: writable\n");
	else
		printf("text: %s\n", strerrorname_np(errno));
	return 0;
}

static void wake(int signal)
{
	(void)signal;
}

/* The file ARGUMENT tells that it waits; then waits for SIGUSR1. */
static int run_wait(int argc, char **argv)
{
	sigset_t set;
	FILE *f;

	signal(SIGUSR1, wake);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	f = argc ? fopen(argv[0], "we") : NULL;
	if (!f || fprintf(f, "%d\n", getpid()) < 0 || fclose(f))
		return 1;
	sigemptyset(&set);
	sigsuspend(&set);
	return run_work(0, NULL) || run_probe(0, NULL);
}

static int run_crash(int argc, char **argv)
{
	(void)argc, (void)argv;
	work(7);
	abort();
}

/* Compilers see through less than this. */
static int run_overflow(int argc, char **argv)
{
	volatile int index = 10 + argc;
	char *p = malloc(10);

	(void)argv;
	p[index] = 'x';
	printf("overflowed: %c\n", p[index]);
	free(p);
	return 0;
}

static int mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	int c, lines = 0;

	while (f && (c = getc(f)) != EOF)
		lines += c == '\n';
	if (f)
		fclose(f);
	return lines;
}

/* How often, and an object; its answer(), and what stays of it. */
static int run_objects(int argc, char **argv)
{
	int rounds = argc == 2 ? atoi(argv[0]) : 0, answer = 0, before = 0;

	for (int i = 0; i < rounds; i++) {
		void *object = dlopen(argv[1], RTLD_NOW);
		int (*get)(void) = NULL;

		if (!object) {
			printf("dlopen: %s\n", strchr(dlerror(), ':') + 2);
			return 1;
		}
		*(void **)&get = dlsym(object, "answer");
		answer = get ? get() : -1;
		dlclose(object);
		if (!before)
			before = mappings();
	}
	printf("answer: %d, mappings left per round: %d\n", answer,
	       rounds > 1 ? (mappings() - before) / (rounds - 1) : 0);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} modes[] = {
	{ "work", run_work },
	{ "probe", run_probe },
	{ "wait", run_wait },
	{ "crash", run_crash },
	{ "overflow", run_overflow },
	{ "objects", run_objects },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!strcmp(modes[i].name, argv[1]))
			return modes[i].run(argc - 2, argv + 2);
	}
	return 2;
}
