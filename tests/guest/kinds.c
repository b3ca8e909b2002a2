// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hugetlb.h"
#include "kinds.h"
#include "mem.h"
#include "report.h"

#ifndef SYS_memfd_secret
#define SYS_memfd_secret	447
#endif

#define PAGES	4

static char *layout(const char *spec, size_t *len)
{
	layout_map(arena, spec);
	*len = strlen(spec) * page;
	return arena;
}

static char *make_private(size_t *len)
{
	return layout("wwww", len);
}

static char *make_private_ro(size_t *len)
{
	return layout("rrrr", len);
}

static char *make_shared(size_t *len)
{
	return layout("ssss", len);
}

static char *make_file_private(size_t *len)
{
	return layout("ffff", len);
}

static char *make_file_shared(size_t *len)
{
	return layout("gggg", len);
}

static char *make_none(size_t *len)
{
	return layout("nnnn", len);
}

static char *make_rwx(size_t *len)
{
	return layout("eeee", len);
}

static char *make_growsdown(size_t *len)
{
	return layout("dddd", len);
}

static char *map_fd(int fd, int flags, size_t *len)
{
	char *at;

	*len = PAGES * page;
	at = mmap(arena, *len, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0);
	ck_assert_msg(at == arena, "mmap: %s", strerror(errno));
	close(fd);
	memset(at, 0x3c, *len);
	return at;
}

static char *make_memfd(size_t *len)
{
	int fd = memfd_create("mseal-test", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, PAGES * page), 0);
	return map_fd(fd, MAP_SHARED, len);
}

static char *make_secret(size_t *len)
{
	int fd = syscall(SYS_memfd_secret, O_CLOEXEC);

	if (fd < 0)
		skip("no memfd_secret() (%s)", strerror(errno));
	ck_assert_int_eq(ftruncate(fd, PAGES * page), 0);
	return map_fd(fd, MAP_SHARED, len);
}

static char *make_zero(size_t *len)
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return map_fd(fd, MAP_PRIVATE, len);
}

static char *make_zero_shared(size_t *len)
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return map_fd(fd, MAP_SHARED, len);
}

/* A piece that the tests themselves don't reach down to. */
static char *make_stack(size_t *len)
{
	char *at = mapping_named("[stack]", len);

	ck_assert_ptr_nonnull(at);
	*len = 2 * page;
	return at;
}

static char *make_heap(size_t *len)
{
	char *now = sbrk(0);
	size_t rest = -(unsigned long)now & (page - 1);
	char *at;

	*len = PAGES * page;
	at = sbrk(rest + *len);
	ck_assert_msg(at == now, "sbrk: %s", strerror(errno));
	memset(at + rest, 0x21, *len);
	return at + rest;
}

static char *named(const char *name, size_t *len)
{
	char *at = mapping_named(name, len);

	if (!at)
		skip("no %s", name);
	if (vmflag_set(at, "sl"))
		skip("this kernel seals %s by itself", name);
	return at;
}

static char *make_vdso(size_t *len)
{
	return named("[vdso]", len);
}

static char *make_vvar(size_t *len)
{
	return named("[vvar]", len);
}

static char *make_vvar_vclock(size_t *len)
{
	return named("[vvar_vclock]", len);
}

static char *make_shm(size_t *len)
{
	int id = shmget(IPC_PRIVATE, PAGES * page, IPC_CREAT | 0600);
	char *at;

	if (id < 0)
		skip("no System V shared memory (%s)", strerror(errno));
	at = shmat(id, arena, 0);
	shmctl(id, IPC_RMID, NULL);
	ck_assert_ptr_eq(at, arena);
	*len = PAGES * page;
	memset(at, 0x66, *len);
	return at;
}

static char *make_aio_ring(size_t *len)
{
	aio_context_t context = 0;

	if (syscall(SYS_io_setup, 1, &context))
		skip("no aio (%s)", strerror(errno));
	ck_assert_ptr_eq(mapping_named("/[aio] (deleted)", len), (char *)context);
	return (char *)context;
}

static char *make_hugetlb(size_t *len)
{
	hugetlb_map(arena, 1);
	*len = hugetlb_size();
	return arena;
}

const struct map_kind map_kinds[NR_MAP_KINDS] = {
	{ "private", make_private, false },
	{ "private read-only", make_private_ro, false },
	{ "shared", make_shared, false },
	{ "private file", make_file_private, false },
	{ "shared file", make_file_shared, false },
	{ "memfd", make_memfd, false },
	{ "memfd_secret", make_secret, false },
	{ "no access", make_none, false },
	{ "rwx", make_rwx, false },
	{ "zero device", make_zero, false },
	{ "shared zero device", make_zero_shared, false },
	{ "growsdown", make_growsdown, false },
	{ "stack", make_stack, false },
	{ "heap", make_heap, false },
	{ "vdso", make_vdso, false },
	{ "vvar", make_vvar, true },
	{ "vvar_vclock", make_vvar_vclock, true },
	{ "System V shared memory", make_shm, false },
	{ "aio ring", make_aio_ring, false },
	{ "hugetlb", make_hugetlb, false },
};

char *kind_of_child(const struct map_kind *kind, char *at, size_t *len)
{
	if (kind->make != make_aio_ring)
		return at;
	/* Inherited without its context, and on newer kernels not at all. */
	ck_assert_int_eq(munmap(at, *len), 0);
	return kind->make(len);
}
