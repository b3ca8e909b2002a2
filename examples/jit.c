// SPDX-License-Identifier: GPL-2.0
/*
 * A JIT compiler that seals what it has compiled.
 *
 *	cc jit.c $(pkg-config --cflags --libs libmseal)
 *
 * W^X alone leaves a door: who controls the arguments of one mprotect() makes
 * code writable again.  A seal shuts it, for code that is compiled once and
 * stays.  Code that is to be patched or freed later on can't be sealed.
 *
 * Exit status: 0, also where nothing can seal, which is said; 1 on errors.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <mseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int compiled(void);

static size_t page_size;

/* Writes the code of "return number;", as one's JIT would write much more. */
static void compile(void *place, unsigned short number)
{
#if defined(__x86_64__)
	unsigned char code[] = { 0xb8, number & 0xff, number >> 8, 0, 0, 0xc3 };
#elif defined(__aarch64__)
	unsigned int code[] = { 0x52800000u | (unsigned int)number << 5, 0xd65f03c0u };
#else
#error "no code for this processor"
#endif

	memcpy(place, code, sizeof(code));
}

/* What was at this address before may still be in the instruction cache. */
static int call(void *code)
{
	compiled *function;

	__builtin___clear_cache((char *)code, (char *)code + page_size);
	memcpy(&function, &code, sizeof(function));
	return function();
}

/*
 * Unsealed code is no worse than before there were seals, so a program goes on
 * where nothing can seal.  Any other error is a mistake of the program.
 */
static int seal(void *code)
{
	if (!mseal(code, page_size, 0))
		return 1;
	if (errno != ENOSYS)
		err(1, "mseal");
	return 0;
}

/* Sealed last: from then on not even this program can change the code. */
static int *new_code(int *sealed)
{
	int *code = mmap(NULL, page_size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (code == MAP_FAILED)
		err(1, "mmap");
	compile(code, 42);
	if (mprotect(code, page_size, PROT_READ | PROT_EXEC))
		err(1, "mprotect");
	*sealed = seal(code);
	return code;
}

static void show_private(void)
{
	int sealed;
	void *code = new_code(&sealed);

	printf("%s code returns %d\n", sealed ? "sealed" : "unsealed", call(code));
	if (!mprotect(code, page_size, PROT_READ | PROT_WRITE)) {
		if (sealed)
			errx(1, "sealed code became writable");
		printf("it can be made writable again\n");
	} else if (errno == EPERM) {
		printf("it can't be made writable again\n");
	} else {
		err(1, "mprotect");
	}
}

/*
 * By a descriptor that can't write, or this mapping would keep the file from being
 * sealed later on.  Not privately: the holder of a userfaultfd could give a private
 * mapping of a memfd other pages, whatever is sealed.
 */
static void *map_code(int file)
{
	char path[64];
	void *code;
	int reader;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	reader = open(path, O_RDONLY | O_CLOEXEC);
	if (reader < 0)
		err(1, "%s", path);
	code = mmap(NULL, page_size, PROT_READ | PROT_EXEC, MAP_SHARED, reader, 0);
	close(reader);
	return code;
}

/*
 * JITs that never flip pages have their code mapped twice, once to write and
 * once to execute.  A seal is one of the mapping, not of the memory behind it:
 * it leaves the other mapping as it was, and the file as well.
 */
static void show_dual(void)
{
	int file = memfd_create("code", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *code, *view;

	if (file < 0 || ftruncate(file, page_size))
		err(1, "memfd_create");
	view = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	code = map_code(file);
	if (view == MAP_FAILED || code == MAP_FAILED)
		err(1, "mmap");
	compile(view, 1);
	seal(code);
	printf("code with a second, writable mapping returns %d\n", call(code));
	compile(view, 2);
	printf("changed through that mapping, it returns %d\n", call(code));

	/* So give the mapping up, and then seal the file, too. */
	if (munmap(view, page_size))
		err(1, "munmap");
	if (fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_SEAL))
		err(1, "F_ADD_SEALS");
	view = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (view != MAP_FAILED || errno != EPERM)
		errx(1, "a sealed file was mapped for writing");
	printf("with the file sealed, there is no such mapping\n");
	close(file);
}

int main(void)
{
	page_size = sysconf(_SC_PAGESIZE);
	show_private();
	show_dual();
	return 0;
}
