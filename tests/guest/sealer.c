// SPDX-License-Identifier: GPL-2.0
/*
 * How the tests seal: by the system call where the kernel has it, else by the
 * device.  Not by libmseal, which is itself under test.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/mseal_dev.h>

#include "entry.h"
#include "release.h"
#include "sealer.h"

static enum sealer kind;
static int device = -1;

enum sealer sealer_find(void)
{
	/* Older ones aren't asked: a sandbox may kill for an unknown number. */
	if (release_since(6, 10) && !syscall(NR_MSEAL, 0, 0, 0)) {
		kind = SEALER_NATIVE;
		return kind;
	}
	sealer_open();
	kind = device < 0 ? SEALER_ABSENT : SEALER_DEVICE;
	/* An open device keeps the module, so each case opens its own. */
	sealer_close();
	return kind;
}

void sealer_open(void)
{
	device = open(MSEAL_DEVICE, O_RDWR | O_CLOEXEC);
}

void sealer_close(void)
{
	close(device);
	device = -1;
}

void sealer_sham(void)
{
	kind = SEALER_SHAM;
}

void sealer_call(void)
{
	kind = SEALER_CALL;
}

enum sealer sealer_kind(void)
{
	return kind;
}

const char *sealer_name(void)
{
	static const char *const names[] = {
		[SEALER_ABSENT] = "none",
		[SEALER_NATIVE] = "native mseal",
		[SEALER_DEVICE] = MSEAL_DEVICE,
		[SEALER_CALL] = "system call 462 as the module serves it",
		[SEALER_SHAM] = "a sham that seals nothing",
	};

	return names[kind];
}

int sealer_fd(void)
{
	return device;
}

static int result(long ret)
{
	if (ret >= 0)
		return (int)ret;
	errno = (int)-ret;
	return -1;
}

int seal_flags(unsigned long addr, unsigned long len, unsigned long flags)
{
	struct mseal_range range = {
		.size = sizeof(range),
		.addr = entry_address(addr),
		.len = len,
		.types = MSEAL_T_NATIVE,
		.flags = flags,
	};

	switch (kind) {
	case SEALER_NATIVE:
	case SEALER_CALL:
		return result(entry_call(CALL_MSEAL, addr, len, flags));
	case SEALER_DEVICE:
		return result(entry_call(CALL_IOCTL, device, MSEAL_IOC_SEAL,
					 entry_argument(&range, sizeof(range))));
	case SEALER_SHAM:
		return 0;
	default:
		errno = ENOSYS;
		return -1;
	}
}

int seal(void *addr, size_t len)
{
	return seal_flags((unsigned long)addr, len, 0);
}
