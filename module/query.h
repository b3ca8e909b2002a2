/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_QUERY_H
#define _MSEAL_QUERY_H

#include <linux/mseal_dev.h>
#include <linux/types.h>

/**
 * mseal_query() - tell what is sealed in an address space
 * @pidfd: of the process that has it, or MSEAL_QUERY_SELF
 * @addr: where to begin
 * @records: what to fill, in user space
 * @nr: in: room in @records; out: how many are filled
 *
 * Return: 0 or a negative errno, as MSEAL_IOC_QUERY; see the uapi header.
 */
int mseal_query(int pidfd, u64 addr, struct mseal_record __user *records,
		u32 *nr);

#endif /* _MSEAL_QUERY_H */
