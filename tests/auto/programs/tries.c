// SPDX-License-Identifier: GPL-2.0
/*
 * libtries.so: preloaded, it tries at the program's end to change and to unmap,
 * from inside, each executable mapping and what the loader made read-only, and
 * adds a line for each try to the file that TRIES names, or to one of its own in the
 * directory that TRIES names:
 *
 *   refused|passed|killed|untried munmap|mprotect PATH [later]
 *
 * What is mapped "later" was not there when the program began.
 */
#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define REFUSED	10
#define LINES	1024

struct target {
	unsigned long start, end;
	char path[200];
};

static struct target targets[LINES];
static int nr_targets;

/* Executable memory of when the program began. */
static struct target first[LINES];
static int nr_first;

static void add(unsigned long start, unsigned long end, const char *path)
{
	if (start >= end || nr_targets == LINES)
		return;
	targets[nr_targets].start = start;
	targets[nr_targets].end = end;
	snprintf(targets[nr_targets++].path, sizeof(targets->path), "%s", path);
}

/* The page of old system calls is the kernel's; no process can change it. */
static void add_code(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, end;
	char line[512], rights[5], path[200];

	while (maps && fgets(line, sizeof(line), maps)) {
		strcpy(path, "-");
		if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %199s", &start, &end,
			   rights, path) >= 3 && rights[2] == 'x' &&
		    strcmp(path, "[vsyscall]"))
			add(start, end, path);
	}
	if (maps)
		fclose(maps);
}

static int add_relro(struct dl_phdr_info *object, size_t size, void *data)
{
	unsigned long page = (unsigned long)getpagesize();
	const char *path = *object->dlpi_name ? object->dlpi_name : "program";
	int i;

	(void)size;
	(void)data;
	for (i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		unsigned long start = object->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_GNU_RELRO)
			add(start & -page, (start + segment->p_memsz) & -page,
			    path);
	}
	return 0;
}

static int add_object(struct dl_phdr_info *object, size_t size, void *data)
{
	int i;

	(void)size;
	(void)data;
	for (i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

		if (segment->p_type != PT_LOAD || nr_first == LINES)
			continue;
		first[nr_first].start = object->dlpi_addr + segment->p_vaddr;
		first[nr_first].end = first[nr_first].start + segment->p_memsz;
		nr_first++;
	}
	return 0;
}

__attribute__((constructor)) static void begin(void)
{
	dl_iterate_phdr(add_object, NULL);
}

static bool is_later(const struct target *target)
{
	int i;

	if (!strcmp(target->path, "[vdso]"))
		return false;
	for (i = 0; i < nr_first; i++) {
		if (target->start < first[i].end && first[i].start < target->end)
			return false;
	}
	return true;
}

/*
 * Who unmaps its own code doesn't come back, so a child does it; whatever signal
 * that ends with is blocked, so no handler of the program's sees it.
 */
static const char *try_once(long call, const struct target *target)
{
	size_t len = target->end - target->start;
	pid_t child = (pid_t)syscall(SYS_fork);
	int status;

	if (!child) {
		long ret = syscall(call, target->start, len, PROT_NONE);

		_exit(ret && errno == EPERM ? REFUSED : 0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return "untried";
	if (WIFEXITED(status) && WEXITSTATUS(status) == REFUSED)
		return "refused";
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return "killed";
	return "passed";
}

/* There may be no process for it at the moment. */
static const char *try(long call, const struct target *target)
{
	const char *verdict = try_once(call, target);

	return strcmp(verdict, "untried") ? verdict : try_once(call, target);
}

/* Programs write into what they were called by. */
static FILE *open_tries(const char *name)
{
	char path[512], program[17] = "";
	struct stat st;

	if (stat(name, &st) || !S_ISDIR(st.st_mode))
		return fopen(name, "ae");
	prctl(PR_GET_NAME, program);
	snprintf(path, sizeof(path), "%s/%s.%d", name, program, getpid());
	return fopen(path, "we");
}

/* The children are nobody's but this library's. */
static void alone(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGCHLD, SIG_DFL);
}

__attribute__((destructor)) static void try_all(void)
{
	const char *name = getenv("TRIES");
	FILE *out = name ? open_tries(name) : NULL;
	char *text = NULL;
	size_t size;
	FILE *lines = open_memstream(&text, &size);
	int i;

	if (!out || !lines)
		return;
	alone();
	add_code();
	dl_iterate_phdr(add_relro, NULL);
	for (i = 0; i < nr_targets; i++) {
		const char *later = is_later(&targets[i]) ? " later" : "";

		fprintf(lines, "%s munmap %s%s\n", try(SYS_munmap, &targets[i]),
			targets[i].path, later);
		fprintf(lines, "%s mprotect %s%s\n", try(SYS_mprotect, &targets[i]),
			targets[i].path, later);
	}
	fclose(lines);
	/* In one piece, as several processes may write there. */
	setvbuf(out, NULL, _IOFBF, size + 1);
	fputs(text, out);
	fclose(out);
	free(text);
}
