// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is sealed, as whoever seals here knows it. */
#include <errno.h>
#include <linux/mseal_dev.h>

#include "internal.h"
#include "mseal.h"

/* They are on the stack, which may be a signal handler's. */
#define BATCH	32

static bool joins(const struct mseal_seal *last, const struct mseal_record *next)
{
	return (uintptr_t)last->addr + last->len == next->start &&
	       last->types == next->types && last->reported == next->reported;
}

int mseal_list_add(struct mseal_list *list, const struct mseal_record *record)
{
	if (record->end != (uintptr_t)record->end)
		return -EOVERFLOW;
	if (list->nr && joins(&list->seals[list->nr - 1], record)) {
		list->seals[list->nr - 1].len +=
			(size_t)(record->end - record->start);
		return 1;
	}
	if (list->nr == list->room)
		return 0;
	list->seals[list->nr++] = (struct mseal_seal){
		.addr = (void *)(uintptr_t)record->start,
		.len = (size_t)(record->end - record->start),
		.types = record->types,
		.reported = record->reported,
	};
	return 1;
}

/* Opening the device may fail with an error that would be an answer, too. */
static int ask(struct mseal_query *query)
{
	struct mseal_info info = { .size = sizeof(info) };
	int err = mseal_device_call(MSEAL_IOC_QUERY, query);

	if (err && mseal_device_call(MSEAL_IOC_INFO, &info))
		return -ENOSYS;
	return err;
}

static int device_query(int pidfd, uintptr_t addr, struct mseal_list *list)
{
	struct mseal_record records[BATCH];
	struct mseal_query query = {
		.size = sizeof(query),
		.pidfd = pidfd,
		.addr = addr,
		.records = (uintptr_t)records,
	};
	uint32_t room;

	do {
		size_t left = list->room - list->nr;
		int ret;

		room = left < BATCH ? (uint32_t)left : BATCH;
		query.nr = room;
		ret = ask(&query);
		if (ret)
			return ret;
		for (uint32_t i = 0; i < query.nr; i++) {
			ret = mseal_list_add(list, &records[i]);
			if (ret < 0)
				return ret;
			query.addr = records[i].end;
		}
	} while (query.nr == room && list->nr < list->room);
	return 0;
}

int mseal_backend_query(int pidfd, uintptr_t addr, struct mseal_list *list)
{
	return mseal_backend_native() ? mseal_smaps_query(pidfd, addr, list) :
					device_query(pidfd, addr, list);
}
