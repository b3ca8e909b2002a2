// SPDX-License-Identifier: GPL-2.0
/*
 * libtries.so: preloaded, it tries at the program's end to change and to unmap,
 * from inside, each executable mapping and what the loader made read-only, and
 * adds a line for each try to the file that TRIES names:
 *
 *   refused|passed|killed munmap|mprotect PATH
 */
#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

/* Who unmaps its own code doesn't come back, so a child does it. */
static const char *try(long call, const struct target *target)
{
	size_t len = target->end - target->start;
	pid_t child = fork();
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

__attribute__((destructor)) static void try_all(void)
{
	const char *name = getenv("TRIES");
	FILE *out = name ? fopen(name, "ae") : NULL;
	char *text = NULL;
	size_t size;
	FILE *lines = open_memstream(&text, &size);
	int i;

	if (!out || !lines)
		return;
	add_code();
	dl_iterate_phdr(add_relro, NULL);
	for (i = 0; i < nr_targets; i++) {
		fprintf(lines, "%s munmap %s\n", try(SYS_munmap, &targets[i]),
			targets[i].path);
		fprintf(lines, "%s mprotect %s\n", try(SYS_mprotect, &targets[i]),
			targets[i].path);
	}
	fclose(lines);
	/* In one piece, as several processes may write there. */
	setvbuf(out, NULL, _IOFBF, size + 1);
	fputs(text, out);
	fclose(out);
	free(text);
}
