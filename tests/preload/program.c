// SPDX-License-Identifier: GPL-2.0
/*
 * A program of somebody else's, in three versions: as it is, with a function
 * mseal() of its own (OWN), linked with libmseal.so (LINKED).  Exit status 0: it
 * has sealed by name, if there is one, and by number, and seals hold; 3: it was
 * told ENOSYS.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef LINKED
#include <mseal.h>
#endif

#define NR_MSEAL	462
#define PAGE		4096UL
#define NOTHING_SEALS	3

#ifdef OWN
int mseal(void *addr, size_t len, unsigned long flags);
int mseal(void *addr, size_t len, unsigned long flags)
{
	return (int)syscall(NR_MSEAL, addr, len, flags);
}
#elif !defined(LINKED)
int mseal(void *addr, size_t len, unsigned long flags) __attribute__((weak));
#endif

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static char *map(void)
{
	char *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	return at;
}

static bool has_name(void)
{
#if !defined(OWN) && !defined(LINKED)
	return mseal;
#else
	return true;
#endif
}

/* Returns whether it is sealed now; if not, nothing seals. */
static bool try_seal(bool by_name)
{
	char *at = map();

	if (!(by_name ? mseal(at, PAGE, 0) : syscall(NR_MSEAL, at, PAGE, 0UL))) {
		if (!munmap(at, PAGE) || errno != EPERM)
			die("munmap of what is sealed");
		return true;
	}
	if (errno != ENOSYS)
		die("mseal");
	if (munmap(at, PAGE))
		die("munmap");
	return false;
}

#ifdef LINKED
/* From now on there is no way but the descriptor, of which libmseal.so is told. */
static void leave_dev(void)
{
	char dir[] = "/tmp/preload-test.XXXXXX";
	int fd = mseal_open();

	if (fd < 0 || mseal_use_fd(fd))
		die("mseal_use_fd");
	if (!mkdtemp(dir) || chdir(dir) || rmdir(dir) || chroot("."))
		die("chroot");
}
#endif

int main(void)
{
	bool sealed, by_number = true;

	if (getenv("LD_PRELOAD") && !has_name())
		die("mseal() isn't there");
#ifdef LINKED
	if (mseal_backend(NULL) == MSEAL_BACKEND_DEVICE && !geteuid()) {
		leave_dev();
		/* What it was given it was given for mseal() alone. */
		by_number = false;
	}
#endif
	sealed = try_seal(has_name());
	if (by_number && try_seal(false) != sealed)
		die("only one of two ways seals");
	return sealed ? 0 : NOTHING_SEALS;
}
