// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <sys/ioctl.h>

#include <linux/mseal_dev.h>

#include "counters.h"
#include "sealer.h"

#define MAX_HOOKS	32

void counters_print(void)
{
	struct mseal_hook hooks[MAX_HOOKS];
	struct mseal_info info = {
		.size = sizeof(info),
		.nr_hooks = MAX_HOOKS,
		.hooks = (unsigned long)hooks,
	};
	unsigned int i;

	if (sealer_kind() != SEALER_DEVICE && sealer_kind() != SEALER_CALL)
		return;
	sealer_open();
	if (!ioctl(sealer_fd(), MSEAL_IOC_INFO, &info)) {
		printf("counted: %llu seals\n", info.seals);
		for (i = 0; i < info.nr_hooks && i < MAX_HOOKS; i++)
			printf("counted: %llu refused by %s\n",
			       hooks[i].refusals, hooks[i].guard);
	}
	sealer_close();
}
