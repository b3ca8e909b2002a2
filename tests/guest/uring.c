// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "mem.h"
#include "report.h"
#include "uring.h"

#define ENTRIES	4
#define TOKEN	0x6d73656c

static char *map_ring(const struct uring *ring, size_t len, off_t offset)
{
	char *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			ring->fd, offset);

	ck_assert_ptr_ne(at, MAP_FAILED);
	return at;
}

void uring_open(struct uring *ring, unsigned int setup_flags)
{
	struct io_uring_params *p = &ring->params;
	size_t len;

	memset(ring, 0, sizeof(*ring));
	p->flags = setup_flags;
	p->sq_thread_idle = 1000;
	ring->fd = syscall(SYS_io_uring_setup, ENTRIES, p);
	if (ring->fd < 0)
		skip("no io_uring (%s)", strerror(errno));
	ck_assert(p->features & IORING_FEAT_SINGLE_MMAP);
	len = p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe);
	if (len < p->sq_off.array + p->sq_entries * sizeof(__u32))
		len = p->sq_off.array + p->sq_entries * sizeof(__u32);
	ring->rings = map_ring(ring, len, IORING_OFF_SQ_RING);
	ring->sqes = (void *)map_ring(ring, p->sq_entries * sizeof(*ring->sqes),
				      IORING_OFF_SQES);
}

static __u32 *at_offset(const struct uring *ring, __u32 offset)
{
	return (__u32 *)(ring->rings + offset);
}

static void submit(struct uring *ring, const struct io_uring_sqe *sqe)
{
	const struct io_sqring_offsets *sq = &ring->params.sq_off;
	__u32 tail = *at_offset(ring, sq->tail);
	__u32 slot = tail & *at_offset(ring, sq->ring_mask);

	ring->sqes[slot] = *sqe;
	at_offset(ring, sq->array)[slot] = slot;
	__atomic_store_n(at_offset(ring, sq->tail), tail + 1, __ATOMIC_SEQ_CST);
}

static int complete(struct uring *ring)
{
	const struct io_cqring_offsets *cq = &ring->params.cq_off;
	unsigned int flags = IORING_ENTER_GETEVENTS | IORING_ENTER_SQ_WAKEUP;
	__u32 *tail = at_offset(ring, cq->tail), *head = at_offset(ring, cq->head);
	const struct io_uring_cqe *cqe;
	int to_submit = 1, result;
	long ret;

	while (__atomic_load_n(tail, __ATOMIC_ACQUIRE) == *head) {
		ret = syscall(SYS_io_uring_enter, ring->fd, to_submit, 1, flags, NULL, 0);
		ck_assert(ret >= 0 || errno == EINTR);
		if (ret > 0)
			to_submit = 0;
	}
	cqe = (struct io_uring_cqe *)(ring->rings + cq->cqes) +
	      (*head & *at_offset(ring, cq->ring_mask));
	ck_assert_uint_eq(cqe->user_data, TOKEN);
	result = cqe->res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

int uring_madvise(struct uring *ring, char *at, size_t len, int advice,
		  unsigned int sqe_flags)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_MADVISE,
		.flags = sqe_flags,
		.fd = -1,
		.addr = (unsigned long)at,
		.len = len,
		.fadvise_advice = advice,
		.user_data = TOKEN,
	};

	submit(ring, &sqe);
	return complete(ring);
}

void uring_fix_buffer(struct uring *ring, char *at, size_t len)
{
	struct iovec iov = { at, len };

	if (syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_BUFFERS, &iov, 1))
		skip("no fixed buffers (%s)", strerror(errno));
}

int uring_read_fixed(struct uring *ring, int file, char *at, size_t len)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_READ_FIXED,
		.fd = file,
		.addr = (unsigned long)at,
		.len = len,
		.user_data = TOKEN,
	};

	submit(ring, &sqe);
	return complete(ring);
}
