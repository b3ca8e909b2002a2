// SPDX-License-Identifier: GPL-2.0
/*
 * Seals the program that it is preloaded into: of each object that is there
 * when main() is about to run, the loader among them, what isn't writable.  Ends
 * the program if that fails, else leaves a line in $SEAL_ALL_LOG.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <mseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FAILED	99

static uintptr_t page_size;

/* Proves it, too: by a change that a program would survive, were it made. */
static int seal(uintptr_t start, uintptr_t end)
{
	void *p = (void *)(start & -page_size);
	size_t len = (end & -page_size) - (uintptr_t)p;

	if (len == 0)
		return 0;
	if (mseal(p, len, 0))
		return -1;
	return mprotect(p, len, PROT_READ | PROT_EXEC) && errno == EPERM ? 0 : -1;
}

/* RELRO's last page is protected only if it is whole, a segment's always. */
static int seal_segment(const struct dl_phdr_info *object, const ElfW(Phdr) *p)
{
	uintptr_t start = object->dlpi_addr + p->p_vaddr;
	uintptr_t end = start + p->p_memsz;

	if (p->p_type == PT_GNU_RELRO)
		return seal(start, end);
	if (p->p_type == PT_LOAD && !(p->p_flags & PF_W))
		return seal(start, end + page_size - 1);
	return 0;
}

static int seal_object(struct dl_phdr_info *object, size_t size, void *data)
{
	int *objects = data;

	(void)size;
	/* Not a mapping that the loader made, and not all kernels have it whole. */
	if (strstr(object->dlpi_name, "vdso"))
		return 0;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		if (seal_segment(object, &object->dlpi_phdr[i])) {
			dprintf(STDERR_FILENO, "seal_all: %s: %m\n", object->dlpi_name);
			return -1;
		}
	}
	++*objects;
	return 0;
}

static void leave_note(int objects)
{
	const char *path = getenv("SEAL_ALL_LOG");
	int fd;

	if (!path)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0 || dprintf(fd, "%d objects sealed\n", objects) < 0)
		_exit(FAILED);
	close(fd);
}

__attribute__((constructor)) static void seal_all(void)
{
	int objects = 0;

	page_size = sysconf(_SC_PAGESIZE);
	if (dl_iterate_phdr(seal_object, &objects))
		_exit(FAILED);
	leave_note(objects);
}
