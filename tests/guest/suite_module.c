// SPDX-License-Identifier: GPL-2.0
/* Whose memory the module seals, and how root limits, drains and unloads it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "expect.h"
#include "filter.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"
#include "uffd.h"

#define REFCNT		"/sys/module/mseal/refcnt"
#define MAX_HOOKS	32

/* Whoever opened the device, it is the caller's memory that is sealed. */
static void use_inherited(void *arg)
{
	struct mseal_range range = device_range();

	(void)arg;
	device_expect(sealer_fd(), MSEAL_IOC_SEAL, &range, 0);
	layout_expect_sealed(arena, "Ww");
	expect_refused(arena);
}

static void inherited_descriptor(int row)
{
	(void)row;
	layout_map(arena, "ww");
	in_child(use_inherited, NULL);
	layout_expect_sealed(arena, "ww");
	ck_assert_int_eq(munmap(arena, 2 * page), 0);
}

static void send_fd(int socket, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = "", byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	ck_assert_int_eq(sendmsg(socket, &message, 0), 1);
}

static int receive_fd(int socket)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int fd;

	ck_assert_int_eq(recvmsg(socket, &message, 0), 1);
	ck_assert_ptr_nonnull(CMSG_FIRSTHDR(&message));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

struct opener {
	int socket;
	struct gate used;
};

static void open_and_send(void *arg)
{
	struct opener *opener = arg;
	int fd = open(MSEAL_DEVICE, O_RDWR | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	send_fd(opener->socket, fd);
	gate_wait(&opener->used);
	layout_expect_sealed(arena, "ww");
	ck_assert_int_eq(munmap(arena, 2 * page), 0);
}

static void passed_descriptor(int row)
{
	struct mseal_range range = device_range();
	struct opener opener;
	int pair[2], fd;
	pid_t pid;

	(void)row;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	gate_init(&opener.used);
	opener.socket = pair[1];
	layout_map(arena, "ww");
	pid = child_start(open_and_send, &opener);
	fd = receive_fd(pair[0]);
	device_expect(fd, MSEAL_IOC_SEAL, &range, 0);
	gate_open(&opener.used);
	child_wait(pid);
	layout_expect_sealed(arena, "Ww");
	/* Its opener is gone by now. */
	range.addr += page;
	device_expect(fd, MSEAL_IOC_SEAL, &range, 0);
	layout_expect_sealed(arena, "WW");
}

/* Runs fn with the parameter set, and sets it back whatever becomes of fn. */
static void with_parameter(const char *path, const char *value, void (*fn)(void *))
{
	char old[32];
	int fd = open(path, O_RDWR | O_CLOEXEC), status;
	ssize_t len;

	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	len = read(fd, old, sizeof(old));
	ck_assert_int_gt(len, 0);
	ck_assert_int_gt(pwrite(fd, value, strlen(value), 0), 0);
	status = wait_status(child_start(fn, NULL));
	ck_assert_int_eq(pwrite(fd, old, len, 0), len);
	close(fd);
	ck_assert_int_eq(status, 0);
}

static void fill_ranges(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 8; i++)
		ck_assert_int_eq(seal(arena + 2 * i * page, page), 0);
	ck_assert_int_eq(seal(arena + 16 * page, page), -1);
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert(!is_sealed(arena + 16 * page));
	/* What joins ranges, or is sealed already, needs no more of them. */
	ck_assert_int_eq(seal(arena, page), 0);
	ck_assert_int_eq(seal(arena + page, page), 0);
	ck_assert_int_eq(seal(arena + 16 * page, page), 0);
	ck_assert_int_eq(seal(arena + 18 * page, page), -1);
	ck_assert_int_eq(errno, ENOMEM);
	layout_expect_sealed(arena, "WWWwWwWwWwWwWwWwWwww");
}

static void too_many_ranges(int row)
{
	(void)row;
	need_root();
	layout_map(arena, "wwwwwwwwwwwwwwwwwwww");
	with_parameter(PARAMETERS "max_ranges", "8", fill_ranges);
}

static void unmap_the_middle(void *arg)
{
	char *crowd = arena + 4 * page, *free = arena + 20 * page;
	int i;

	(void)arg;
	ck_assert_int_eq(device_seal(arena, 3 * page, MSEAL_T_PROTECT), 0);
	for (i = 0; i < 7; i++)
		ck_assert_int_eq(device_seal(crowd + 2 * i * page, page,
					     MSEAL_T_PROTECT), 0);
	ck_assert_int_eq(munmap(free + page, page), 0);
	ck_assert_int_eq(munmap(arena + page, page), -1);
	ck_assert_int_eq(errno, ENOMEM);
	layout_expect_sealed(arena, "WWWwWwWwWwWwWwWwWwwww.w");
	/* An end of it leaves as many as there were, and then there is room. */
	ck_assert_int_eq(munmap(crowd, page), 0);
	ck_assert_int_eq(munmap(arena + page, page), 0);
	layout_expect_sealed(arena, "W.Ww.wWwWwWwWwWwWwwww.w");
}

/* An unmap that cuts a sealed range in two makes one more of it. */
static void too_many_ranges_left(int row)
{
	(void)row;
	need_root();
	layout_map(arena, "wwwwwwwwwwwwwwwwwwwwwww");
	with_parameter(PARAMETERS "max_ranges", "8", unmap_the_middle);
}

static void find_drained(void *arg)
{
	struct mseal_range bad = device_range();

	(void)arg;
	ck_assert_uint_eq(device_info().state, MSEAL_STATE_LIVE);
	ck_assert_int_eq(seal(arena + 2 * page, page), -1);
	ck_assert_int_eq(errno, ENOSYS);
	bad.flags = bad.types = ~0ULL;
	device_expect(sealer_fd(), MSEAL_IOC_SEAL, &bad, ENOSYS);
	layout_expect_sealed(arena, "Www");
	expect_refused(arena);
}

static void drain(int row)
{
	(void)row;
	need_root();
	layout_map(arena, "Www");
	layout_seal(arena, "Www");
	with_parameter(PARAMETERS "new_seals", "0", find_drained);
	ck_assert_int_eq(seal(arena + 2 * page, page), 0);
	layout_expect_sealed(arena, "WwW");
}

static void parameters_are_roots(int row)
{
	(void)row;
	if (!geteuid())
		ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
	ck_assert_int_eq(open(PARAMETERS "new_seals", O_WRONLY), -1);
	ck_assert_int_eq(errno, EACCES);
	ck_assert_int_eq(open(PARAMETERS "max_ranges", O_WRONLY), -1);
	ck_assert_int_eq(errno, EACCES);
}

struct sealed_process {
	struct gate ready, leave;
};

static bool unused(void *arg)
{
	(void)arg;
	return file_number(REFCNT) == 0;
}

static void seal_and_wait(void *arg)
{
	struct sealed_process *process = arg;

	ck_assert_int_eq(seal(arena, page), 0);
	sealer_close();
	gate_open(&process->ready);
	gate_wait(&process->leave);
}

static void *discard_watched(void *arg)
{
	(void)arg;
	return (void *)(long)madvise(arena + page, page, MADV_DONTNEED);
}

/*
 * A thread sleeps in a wrapped call until a userfaultfd is read; meanwhile the
 * last seal goes with its memory.
 */
static void park_and_trim(void *arg)
{
	int watcher = uffd_open(UFFD_FEATURE_EVENT_REMOVE);
	struct pollfd parked = { .fd = watcher, .events = POLLIN };
	struct sealed_process *process = arg;
	struct uffd_msg message;
	pthread_t thread;
	void *ret;

	uffd_watch(watcher, arena + page, UFFDIO_REGISTER_MODE_MISSING);
	ck_assert_int_eq(device_seal(arena, page, MSEAL_T_PROTECT), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, discard_watched, NULL), 0);
	ck_assert_int_eq(poll(&parked, 1, -1), 1);
	ck_assert_int_eq(munmap(arena, page), 0);
	ck_assert_uint_eq(device_info().ranges, 0);
	sealer_close();
	gate_open(&process->ready);
	gate_wait(&process->leave);
	ck_assert_int_eq(read(watcher, &message, sizeof(message)), sizeof(message));
	ck_assert_int_eq(pthread_join(thread, &ret), 0);
	ck_assert_ptr_null(ret);
}

static void expect_kept_by(void (*fn)(void *))
{
	struct sealed_process process;
	pid_t pid;

	gate_init(&process.ready);
	gate_init(&process.leave);
	sealer_close();
	/* So that it could be unloaded, were nothing sealed. */
	if (!settles(unused, NULL))
		skip("others use the module");
	sealer_open();
	pid = child_start(fn, &process);
	sealer_close();
	gate_wait(&process.ready);
	errno = 0;
	ck_assert_int_eq(syscall(SYS_delete_module, "mseal", O_NONBLOCK), -1);
	ck_assert_int_eq(errno, EWOULDBLOCK);
	ck_assert_int_eq(file_number(REFCNT), 1);
	gate_open(&process.leave);
	child_wait(pid);
	ck_assert(settles(unused, NULL));
}

static void unload(int row)
{
	(void)row;
	need_root();
	layout_map(arena, "w");
	expect_kept_by(seal_and_wait);
}

static void unload_while_parked(int row)
{
	(void)row;
	need_root();
	layout_map(arena, "rw");
	expect_kept_by(park_and_trim);
}

static void expect_no_call(void)
{
	errno = 0;
	ck_assert_int_eq(syscall(NR_MSEAL, arena, page, 0), -1);
	ck_assert_int_eq(errno, ENOSYS);
	layout_expect_sealed(arena, "w");
}

/* Unless it is told to, and then nothing else is hooked for that. */
static void serves_no_call(int row)
{
	struct mseal_hook hooks[MAX_HOOKS];
	struct mseal_info info = { .size = sizeof(info), .nr_hooks = MAX_HOOKS,
				   .hooks = (unsigned long)hooks };
	unsigned int i;

	(void)row;
	if (device_info().state & MSEAL_STATE_SERVES)
		skip("the module was told to serve the call");
	device_expect(sealer_fd(), MSEAL_IOC_INFO, &info, 0);
	ck_assert_uint_le(info.nr_hooks, MAX_HOOKS);
	for (i = 0; i < info.nr_hooks; i++) {
		ck_assert_str_ne(hooks[i].function, "__secure_computing");
		ck_assert_str_ne(hooks[i].function, "sys_ni_syscall");
	}
	layout_map(arena, "w");
	expect_no_call();
	filter_allow_all();
	expect_no_call();
}

static const struct test_case cases[] = {
	CASE(inherited_descriptor),
	CASE(passed_descriptor),
	CASE(too_many_ranges),
	CASE(too_many_ranges_left),
	CASE(drain),
	CASE(parameters_are_roots),
	CASE(unload),
	CASE(unload_while_parked),
	CASE(serves_no_call),
};

SUITE(module, cases, ENTRY_USUAL);
