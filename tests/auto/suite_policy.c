// SPDX-License-Identifier: GPL-2.0
/* What each policy seals, and that the program notices nothing else. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "outcome.h"
#include "suites.h"

#define DEVICE	"/dev/mseal"
#define AWAY	"/dev/mseal-away"
#define LEFT_OUT	"libmseal-auto: types that can't be had here are left out\n"

static void prepare(void)
{
	tries_forget();
	setenv("LD_PRELOAD", PROGRAMS "libtries.so", 1);
}

static void expect_hello(const struct outcome *outcome)
{
	char said[SAID];

	snprintf(said, sizeof(said),
		 "hello pid %d children 0 tracer 0 descriptors 3\n", outcome->pid);
	ck_assert_str_eq(outcome->err, "");
	ck_assert_str_eq(outcome->out, said);
	ck_assert_int_eq(outcome->status, 7);
}

static void all_but_loaders_relro(void)
{
	ck_assert_int_eq(tries("passed", ""), 2);
	ck_assert_int_eq(tries("passed", "ld-linux"), 2);
	ck_assert_int_eq(tries("refused", "ld-linux"), 2);
}

static const struct {
	const char *policy;
	void (*expect)(void);
} policies[] = {
	{ "enforce", expect_all_refused },
	{ "enforce,all", expect_all_refused },
	{ "try", all_but_loaders_relro },
	{ "report", expect_none_refused },
	{ "off", expect_none_refused },
};

CASE_FN(seals)
{
	struct outcome outcome;
	char option[64];

	snprintf(option, sizeof(option), "--auto=%s", policies[row].policy);
	outcome = run("mseal", "run", option, "--", PROGRAMS "hello", NULL);
	expect_hello(&outcome);
	policies[row].expect();
}

CASE_FN(auto_alone_is_try)
{
	struct outcome outcome = run("mseal", "run", "--auto", PROGRAMS "hello", NULL);

	expect_hello(&outcome);
	all_but_loaders_relro();
}

CASE_FN(without)
{
	struct outcome outcome = run("mseal", "run", PROGRAMS "hello", NULL);

	expect_hello(&outcome);
	expect_none_refused();
}

CASE_FN(types)
{
	struct outcome outcome = run("mseal", "run", "--auto=enforce", "--types=kill",
				     PROGRAMS "hello", NULL);

	expect_hello(&outcome);
	ck_assert_int_ge(tries("killed", ""), 20);
	ck_assert_int_eq(tries("killed", ""), tries("", ""));
}

/* What a module seals that lacks one type. */
static const struct {
	const char *name;
	const char *policy, *types;
	int status;
	const char *err;
	const char *verdict;
} older[] = {
	{ "offered", "try", "--types=kill", 7, "", "killed" },
	{ "missing", "try", "--types=discard-all", 7, LEFT_OUT, "refused" },
	{ "some_missing", "try", "--types=kill,discard-all", 7, LEFT_OUT, "killed" },
	{ "enforced", "enforce", "--types=kill", 7, "", "killed" },
	{ "enforced_missing", "enforce", "--types=kill,discard-all", 126,
	  "libmseal-auto: can't seal /auto/hello: these types can't be had here\n",
	  NULL },
};

CASE_FN(older_module)
{
	struct outcome outcome;
	char option[64];

	setenv("LD_PRELOAD", PROGRAMS "libtries.so:" PROGRAMS "libolder.so", 1);
	snprintf(option, sizeof(option), "--auto=%s", older[row].policy);
	outcome = run("mseal", "run", option, older[row].types, PROGRAMS "hello", NULL);
	ck_assert_str_eq(outcome.err, older[row].err);
	ck_assert_int_eq(outcome.status, older[row].status);
	ck_assert_int_eq(lines(outcome.out), outcome.status == 7);
	if (outcome.status != 7)
		return;
	ck_assert_int_ge(tries(older[row].verdict, ""), 20);
	ck_assert_int_eq(tries(older[row].verdict, "") +
			 tries("passed", "ld-linux"), tries("", ""));
	ck_assert_int_eq(tries("passed", "ld-linux"),
			 strcmp(older[row].policy, "try") ? 0 : 2);
}

/* Then the kernel doesn't tell where the loader is. */
CASE_FN(by_loader)
{
	struct outcome outcome = run("mseal", "run", "--auto=try", LOADER,
				     PROGRAMS "hello", NULL);

	expect_hello(&outcome);
	all_but_loaders_relro();
}

CASE_FN(vdso)
{
	struct outcome outcome = run("mseal", "run", "--auto=enforce",
				     PROGRAMS "hello", NULL);

	expect_hello(&outcome);
	ck_assert_int_eq(tries("refused", "[vdso]"), 2);
}

static void device_away(void)
{
	if (rename(DEVICE, AWAY))
		_exit(97);
}

static const struct {
	const char *policy;
	int status;
	const char *err;
} without_device[] = {
	{ "report", 7, "" },
	{ "try", 7, "" },
	{ "enforce", 126,
	  "libmseal-auto: can't seal /auto/hello: there is no /dev/mseal\n" },
};

CASE_FN(no_device)
{
	struct outcome outcome;
	char option[64];

	snprintf(option, sizeof(option), "--auto=%s", without_device[row].policy);
	outcome = run_after(device_away, "mseal", "run", option, PROGRAMS "hello",
			    NULL);
	ck_assert(!rename(AWAY, DEVICE));
	ck_assert_int_eq(outcome.status, without_device[row].status);
	ck_assert_str_eq(outcome.err, without_device[row].err);
	ck_assert_int_eq(lines(outcome.out), outcome.status == 7);
}

/* The loader then ignores what it is told to load. */
static void be_somebody_else(void)
{
	if (setresuid(65534, 0, 0))
		_exit(97);
}

static void forbid_tracing(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(97);
}

static const struct {
	const char *name;
	void (*before)(void);
	int status;
	const char *err;
} handshakes[] = {
	{ "others_rights", be_somebody_else, 137,
	  "mseal: the program was ended: it hasn't loaded libmseal-auto.so\n" },
	{ "no_tracing", forbid_tracing, 126,
	  "mseal: the program can't be watched: Operation not permitted\n" },
};

CASE_FN(handshake)
{
	struct outcome outcome;

	outcome = run_after(handshakes[row].before, "mseal", "run", "--auto=enforce",
			    PROGRAMS "hello", NULL);
	ck_assert_str_eq(outcome.err, handshakes[row].err);
	ck_assert_int_eq(outcome.status, handshakes[row].status);
	ck_assert_str_eq(outcome.out, "");
}

CASE_FN(handshake_with_a_sham)
{
	struct outcome outcome;

	copy_file(AUTO, "/tmp/auto", 0644);
	copy_file(PROGRAMS "libplugin.so", AUTO, 0644);
	outcome = run("mseal", "run", "--auto=enforce", PROGRAMS "hello", NULL);
	copy_file("/tmp/auto", AUTO, 0644);
	ck_assert_str_eq(outcome.err, "mseal: the program was ended: "
			 "its seals aren't confirmed\n");
	ck_assert_int_eq(outcome.status, 137);
	ck_assert_str_eq(outcome.out, "");
}

static const struct test tests[] = {
	TABLE(seals, policies),
	TEST(auto_alone_is_try),
	TEST(without),
	TEST(types),
	TABLE(older_module, older),
	TEST(by_loader),
	TEST(vdso),
	TABLE(no_device, without_device),
	TABLE(handshake, handshakes),
	TEST(handshake_with_a_sham),
};

const struct suite policy_suite = {
	"policy", prepare, tests, sizeof(tests) / sizeof(*tests),
};
