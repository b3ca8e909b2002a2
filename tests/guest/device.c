// SPDX-License-Identifier: GPL-2.0
#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "device.h"
#include "mem.h"
#include "sealer.h"

struct mseal_range device_range(void)
{
	return (struct mseal_range){
		.size = sizeof(struct mseal_range),
		.addr = (unsigned long)arena,
		.len = page,
		.types = MSEAL_T_NATIVE,
	};
}

void device_expect(int fd, unsigned long call, const void *argument, int want)
{
	int ret;

	errno = 0;
	ret = ioctl(fd, call, argument);
	ck_assert_msg(ret == (want ? -1 : 0) && errno == want,
		      "ioctl %#lx: want %d (%s), got %d, %d (%s)", call, want,
		      strerror(want), ret, errno, strerror(errno));
}

struct mseal_info device_info(void)
{
	struct mseal_info info;

	memset(&info, 0xcc, sizeof(info));
	info.size = sizeof(info);
	info.nr_hooks = 0;
	info.hooks = 0;
	info.nr_counts = 0;
	info.counts = 0;
	info.reserved = 0;
	device_expect(sealer_fd(), MSEAL_IOC_INFO, &info, 0);
	return info;
}

unsigned int device_query(char *from, struct mseal_record *records,
			  unsigned int room)
{
	struct mseal_query query = {
		.size = sizeof(query),
		.pidfd = MSEAL_QUERY_SELF,
		.addr = (unsigned long)from,
		.records = (unsigned long)records,
		.nr = room,
	};

	device_expect(sealer_fd(), MSEAL_IOC_QUERY, &query, 0);
	return query.nr;
}

long device_count(char *from)
{
	enum { ROOM = 256 };
	struct mseal_record records[ROOM];
	unsigned int got;
	long nr = 0;

	do {
		got = device_query(from, records, ROOM);
		nr += got;
		if (got)
			from = (char *)(unsigned long)records[got - 1].end;
	} while (got == ROOM);
	return nr;
}

long device_seal(char *at, size_t len, __u64 types)
{
	struct mseal_range range = device_range();

	range.addr = (unsigned long)at;
	range.len = len;
	range.types = types;
	return ioctl(sealer_fd(), MSEAL_IOC_SEAL, &range) ? -errno : 0;
}
