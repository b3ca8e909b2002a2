// SPDX-License-Identifier: GPL-2.0
/*
 * mseal run --syscall: the filter without which the module isn't asked, where it
 * takes one.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mseal.h>

#include "info.h"
#include "run.h"
#include "tool.h"

/* Where the device isn't, as in a container, there may still be the parameter. */
static bool is_served(const struct info *info)
{
	char *parameter;
	bool yes;

	if (info->told)
		return info->device.state & MSEAL_STATE_SERVES;
	parameter = info_line(INFO_MODULE "/parameters/serve_syscall");
	yes = parameter && *parameter == 'Y';
	free(parameter);
	return yes;
}

static const char *why_not(const struct info *info)
{
	bool works = info->backend == MSEAL_BACKEND_DEVICE;

	if (!is_served(info))
		return info->loaded ? "the module was loaded without serve_syscall=1" :
				      info_why(info);
	return info->told && !works ? info_why(info) : NULL;
}

/* Whoever is under a filter keeps it, and needs no other. */
static bool takes_filter(void)
{
#ifdef __x86_64__
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != SECCOMP_MODE_FILTER;
#else
	return false;
#endif
}

static int install(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &allow };

	/* Without the flag a filter switches mitigations on that cost speed. */
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}

static void allow_all(void)
{
	if (!install())
		return;
	if (errno != EACCES)
		tool_fail(TOOL_CANT_RUN, "no filter: %s", strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || install())
		tool_fail(TOOL_CANT_RUN, "no filter: %s", strerror(errno));
}

void filter_have_served(void)
{
	struct info info;
	const char *why;

	info_get(&info);
	why = info.backend == MSEAL_BACKEND_NATIVE ? NULL : why_not(&info);
	if (why)
		tool_fail(TOOL_CANT_RUN, "system call 462 isn't served: %s", why);
	if (info.backend != MSEAL_BACKEND_NATIVE && takes_filter())
		allow_all();
	info_free(&info);
}
