/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_SUITES_H
#define _MSEAL_LOAD_SUITES_H

#include <linux/mseal_dev.h>

#include "cases.h"

extern const struct test_suite basic_suite, refused_suite, conflicts_suite,
	tracers_suite, drain_suite, kernel_suite, kernel_btf_suite, cycles_suite,
	disabled_suite, disabled_bare_suite, disabled_unclear_suite, enabled_suite,
	lockdown_suite, lockdown_later_suite, signatures_suite, native_suite,
	races_suite, forced_suite, ftrace_end_noticed_suite,
	ftrace_end_unnoticed_suite, ftrace_ended_before_suite, faults_suite,
	faults_load_suite, faults_fork_suite, faults_first_suite, leaks_suite;

/* Fails the case unless the kernel was booted with this word. */
void need_boot_word(const char *word);

/* The functions that the loaded module says it guards. */
#define MAX_HOOKS	32

struct hooks {
	unsigned int nr;
	struct mseal_hook hook[MAX_HOOKS];
};

void hooks_ask(struct hooks *hooks);

#endif /* _MSEAL_LOAD_SUITES_H */
