// SPDX-License-Identifier: GPL-2.0
/* mseal run --syscall: the filter without which the module isn't asked. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run.h"
#include "tool.h"

static int install(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = { .len = 1, .filter = &allow };

	/* Without the flag a filter switches mitigations on that cost speed. */
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}

void filter_allow_all(void)
{
	if (!install())
		return;
	if (errno != EACCES)
		tool_fail(TOOL_CANT_RUN, "no filter: %s", strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || install())
		tool_fail(TOOL_CANT_RUN, "no filter: %s", strerror(errno));
}
