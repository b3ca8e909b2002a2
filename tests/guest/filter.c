// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"
#include "sealer.h"

static int set_filter(struct sock_fprog *program, unsigned long flags)
{
	int ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);

	/* Only root may without giving up what exec could gain. */
	if (ret < 0 && errno == EACCES &&
	    !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program);
	return ret;
}

/* No assertion, for it is done outside of cases, too. */
static int install(const struct filter_rule *rules, size_t nr, unsigned long flag)
{
	struct sock_filter code[2 * FILTER_MAX_RULES + 2];
	struct sock_fprog program = { .filter = code };
	size_t i;

	code[program.len++] = (struct sock_filter)
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (i = 0; i < nr; i++) {
		code[program.len++] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rules[i].nr, 0, 1);
		code[program.len++] = (struct sock_filter)
			BPF_STMT(BPF_RET | BPF_K, rules[i].verdict);
	}
	code[program.len++] = (struct sock_filter)
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return set_filter(&program, flag | SECCOMP_FILTER_FLAG_SPEC_ALLOW);
}

int filter_install(const struct filter_rule *rules, size_t nr, unsigned long flag)
{
	int ret;

	ck_assert_uint_le(nr, FILTER_MAX_RULES);
	ret = install(rules, nr, flag);
	ck_assert_msg(ret >= 0, "seccomp(): %s", strerror(errno));
	return ret;
}

void filter_allow_all(void)
{
	filter_install(NULL, 0, 0);
}

bool filter_makes_served(void)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(install(NULL, 0, 0) || syscall(NR_MSEAL, 0, 0, 0));
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}
