/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_DEVICE_H
#define _MSEAL_TEST_DEVICE_H

#include <linux/mseal_dev.h>
#include <stddef.h>

#define PARAMETERS	"/sys/module/mseal/parameters/"

/* A call that is in order: seals the first page of the arena. */
struct mseal_range device_range(void);
void device_expect(int fd, unsigned long call, const void *argument, int want);
struct mseal_info device_info(void);

/* Records of what is sealed from an address on; returns how many there are. */
unsigned int device_query(char *from, struct mseal_record *records,
			  unsigned int room);

/* How many sealed ranges there are from an address on. */
long device_count(char *from);

/* 0 or -errno */
long device_seal(char *at, size_t len, __u64 types);

#endif /* _MSEAL_TEST_DEVICE_H */
