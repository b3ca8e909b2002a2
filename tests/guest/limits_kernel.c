// SPDX-License-Identifier: GPL-2.0
/* Pages that the kernel fills, or exchanges, at a request made before the seal. */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "limit_rows.h"
#include "mem.h"
#include "report.h"
#include "uring.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif
#ifndef TCP_ZEROCOPY_RECEIVE
#define TCP_ZEROCOPY_RECEIVE	35
#endif

/* The first version of what <linux/tcp.h> has, which is at odds with libc's. */
struct zerocopy {
	__u64 address;
	__u32 length, recv_skip_hint;
};

static struct uring ring;
static int receiver = -1, sender = -1;

/* Pinned while it may be written, as every buffer is that is to be read into. */
void prepare_fixed_buffer(char *at)
{
	layout_map(at, "w");
	uring_open(&ring, 0);
	uring_fix_buffer(&ring, at, page);
	ck_assert_int_eq(mprotect(at, page, PROT_READ), 0);
}

void read_into_fixed_buffer(char *at)
{
	const char mark = LIMIT_MARK;
	int file = memfd_create("limit", MFD_CLOEXEC);

	ck_assert_int_eq(write(file, &mark, 1), 1);
	ck_assert_int_eq(uring_read_fixed(&ring, file, at, 1), 1);
	close(file);
	close(ring.fd);
}

static void connect_tcp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (listener < 0 || bind(listener, (void *)&address, len))
		skip("no TCP (%s)", strerror(errno));
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(getsockname(listener, (void *)&address, &len), 0);
	sender = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(sender, (void *)&address, len))
		skip("no way to this machine itself (%s)", strerror(errno));
	receiver = accept(listener, NULL, NULL);
	ck_assert_int_ge(receiver, 0);
	close(listener);
}

void prepare_tcp(char *at)
{
	char *got;

	connect_tcp();
	got = mmap(at, page, PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE, receiver, 0);
	if (got == MAP_FAILED)
		skip("no TCP receive by mapping (%s)", strerror(errno));
	ck_assert_ptr_eq(got, at);
}

/* A pipe's pages are the kernel's own, and so may be mapped by the receiver. */
static void send_page(void)
{
	char bytes[1 << 16];
	int pair[2];

	memset(bytes, LIMIT_MARK, page);
	ck_assert_int_eq(pipe(pair), 0);
	ck_assert_int_eq(write(pair[1], bytes, page), page);
	ck_assert_int_eq(splice(pair[0], NULL, sender, NULL, page, 0), page);
	close(pair[0]);
	close(pair[1]);
}

void receive_by_tcp(char *at)
{
	struct zerocopy call = { .address = (unsigned long)at, .length = page };
	socklen_t len = sizeof(call);
	char byte;

	send_page();
	ck_assert_int_eq(recv(receiver, &byte, 1, MSG_PEEK), 1);
	if (getsockopt(receiver, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, &call, &len))
		ck_abort_msg("TCP_ZEROCOPY_RECEIVE: %s", strerror(errno));
	ck_assert_uint_eq(call.length, page);
	close(sender);
	close(receiver);
}
