// SPDX-License-Identifier: GPL-2.0
/* Whoever holds a userfaultfd says what a page holds that nobody has touched. */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "limit_rows.h"
#include "mem.h"
#include "uffd.h"

/* Since 6.8. */
#ifndef UFFDIO_MOVE
#define UFFD_FEATURE_MOVE	(1 << 16)
#define UFFDIO_MOVE		_IOWR(UFFDIO, 0x05, struct uffdio_move)
struct uffdio_move {
	__u64 dst, src, len, mode;
	__s64 move;
};
#endif

/* Since 6.6. */
#ifndef UFFDIO_POISON
#define UFFD_FEATURE_POISON	(1 << 14)
#define UFFDIO_POISON		_IOWR(UFFDIO, 0x08, struct uffdio_poison)
struct uffdio_poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};
#endif

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)

static void map_untouched(char *at, int prot)
{
	ck_assert_ptr_eq(mmap(at, page, prot, ANON | MAP_FIXED_NOREPLACE, -1, 0), at);
}

void prepare_untouched(char *at)
{
	map_untouched(at, PROT_READ);
}

void prepare_untouched_writable(char *at)
{
	map_untouched(at, RW);
}

/* Only a watched page that isn't there yet can be given a content. */
void uffd_copy(char *at)
{
	char *bytes = mmap(NULL, page, RW, ANON, -1, 0);
	struct uffdio_copy copy = { .dst = (unsigned long)at,
				    .src = (unsigned long)bytes, .len = page };
	int fd = uffd_open(0);

	ck_assert_ptr_ne(bytes, MAP_FAILED);
	memset(bytes, LIMIT_MARK, page);
	uffd_watch(fd, at, UFFDIO_REGISTER_MODE_MISSING);
	ck_assert_int_eq(ioctl(fd, UFFDIO_COPY, &copy), 0);
	close(fd);
}

void uffd_zero(char *at)
{
	struct uffdio_zeropage zero = { .range = { (unsigned long)at, page } };
	int fd = uffd_open(0);

	uffd_watch(fd, at, UFFDIO_REGISTER_MODE_MISSING);
	ck_assert_int_eq(ioctl(fd, UFFDIO_ZEROPAGE, &zero), 0);
	close(fd);
}

bool is_present(char *at)
{
	unsigned long long entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	off_t offset = (off_t)((unsigned long)at / page * sizeof(entry));

	ck_assert_int_eq(pread(fd, &entry, sizeof(entry), offset), sizeof(entry));
	close(fd);
	return entry >> 63;
}

/* The descriptor stays open, or its protection would end. */
void uffd_write_protect(char *at)
{
	struct uffdio_writeprotect protect = {
		.range = { (unsigned long)at, page },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = uffd_open(UFFD_FEATURE_PAGEFAULT_FLAG_WP |
			   UFFD_FEATURE_SIGBUS);

	uffd_watch(fd, at, UFFDIO_REGISTER_MODE_WP);
	ck_assert_int_eq(ioctl(fd, UFFDIO_WRITEPROTECT, &protect), 0);
}

/* By a system call, which doesn't get the signal that a store would get. */
bool cannot_be_written(char *at)
{
	int pair[2];
	bool failed;

	ck_assert_int_eq(pipe(pair), 0);
	ck_assert_int_eq(write(pair[1], "", 1), 1);
	failed = read(pair[0], at, 1) == -1 && errno == EFAULT;
	close(pair[0]);
	close(pair[1]);
	return failed;
}

void uffd_move(char *at)
{
	char *from = mmap(NULL, page, RW, ANON, -1, 0);
	struct uffdio_move move = { .dst = (unsigned long)at,
				    .src = (unsigned long)from, .len = page };
	int fd = uffd_open(UFFD_FEATURE_MOVE);

	ck_assert_ptr_ne(from, MAP_FAILED);
	memset(from, LIMIT_MARK, page);
	uffd_watch(fd, at, UFFDIO_REGISTER_MODE_MISSING);
	ck_assert_int_eq(ioctl(fd, UFFDIO_MOVE, &move), 0);
	close(fd);
}

/* As if the memory behind the page were broken. */
void uffd_poison(char *at)
{
	struct uffdio_poison poison = { .range = { (unsigned long)at, page } };
	int fd = uffd_open(UFFD_FEATURE_POISON);

	uffd_watch(fd, at, UFFDIO_REGISTER_MODE_MISSING);
	ck_assert_int_eq(ioctl(fd, UFFDIO_POISON, &poison), 0);
	close(fd);
}
