// SPDX-License-Identifier: GPL-2.0
/* What enforce refuses to start; each runs where the policy only tries. */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "outcome.h"
#include "suites.h"

#define SETUID		"/tmp/setuid"
#define SETGID		"/tmp/setgid"
#define CAPABLE		"/tmp/capable"
#define SCRIPT		"/tmp/script"
#define SCRIPT_2	"/tmp/script-2"

/* Some right, for who has it in the right form is all that matters. */
static void add_capability(const char *path)
{
	struct vfs_cap_data data = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data[0].permitted = 1 << CAP_NET_RAW,
	};

	ck_assert(!setxattr(path, "security.capability", &data, sizeof(data), 0));
}

static void prepare(void)
{
	unsetenv("LD_PRELOAD");
	copy_file(PROGRAMS "hello", SETUID, 04755);
	copy_file(PROGRAMS "hello", SETGID, 02755);
	copy_file(PROGRAMS "hello", CAPABLE, 0755);
	add_capability(CAPABLE);
}

static const struct {
	const char *name;
	const char *program;
	const char *why;
} programs[] = {
	{ "static", PROGRAMS "hello-static", "it is static" },
	{ "setuid", SETUID, "it is setuid or setgid" },
	{ "setgid", SETGID, "it is setuid or setgid" },
	{ "capabilities", CAPABLE, "it has file capabilities" },
	{ "i386", PROGRAMS "hello32", AUTO " is for another machine" },
	{ "other_loader", PROGRAMS "hello-other",
	  "its loader is /auto/ld-other.so, not /lib64/ld-linux-x86-64.so.2" },
};

static struct outcome run_with(const char *policy, const char *program)
{
	char option[64];

	snprintf(option, sizeof(option), "--auto=%s", policy);
	return run("mseal", "run", option, program, NULL);
}

static void expect_refused(const char *program, const char *culprit, const char *why)
{
	struct outcome outcome = run_with("enforce", program);
	char line[512];

	snprintf(line, sizeof(line), "mseal: %s: can't be sealed: %s\n", culprit, why);
	ck_assert_str_eq(outcome.err, line);
	ck_assert_str_eq(outcome.out, "");
	ck_assert_int_eq(outcome.status, 126);
}

static void expect_run(const char *policy, const char *program)
{
	struct outcome outcome = run_with(policy, program);

	ck_assert_int_eq(outcome.status, 7);
	ck_assert_int_eq(lines(outcome.out), 1);
}

CASE_FN(program)
{
	expect_refused(programs[row].program, programs[row].program,
		       programs[row].why);
	expect_run("try", programs[row].program);
}

static void write_script(const char *path, const char *interpreter)
{
	char text[256];

	snprintf(text, sizeof(text), "#! %s\n", interpreter);
	write_file(path, text, 0755);
}

CASE_FN(script)
{
	write_script(SCRIPT, programs[row].program);
	expect_refused(SCRIPT, programs[row].program, programs[row].why);
	expect_run("try", SCRIPT);
}

CASE_FN(script_of_script)
{
	write_script(SCRIPT, SCRIPT_2);
	write_script(SCRIPT_2, programs[row].program);
	expect_refused(SCRIPT, programs[row].program, programs[row].why);
	expect_run("try", SCRIPT);
}

CASE_FN(good_script)
{
	write_script(SCRIPT, SCRIPT_2);
	write_script(SCRIPT_2, PROGRAMS "hello");
	expect_run("enforce", SCRIPT);
}

CASE_FN(no_program)
{
	write_file(SCRIPT, "no magic here\n", 0755);
	expect_refused(SCRIPT, SCRIPT, "it is no ELF program");
	write_file(SCRIPT, "#!/nowhere\n", 0755);
	expect_refused(SCRIPT, "/nowhere", "No such file or directory");
}

CASE_FN(deleted_library)
{
	struct outcome outcome;

	ck_assert(!rename(AUTO, AUTO ".away"));
	outcome = run_with("enforce", PROGRAMS "hello");
	ck_assert(!rename(AUTO ".away", AUTO));
	ck_assert_str_eq(outcome.err, "mseal: " AUTO ": No such file or directory\n");
	ck_assert_str_eq(outcome.out, "");
	ck_assert_int_eq(outcome.status, 126);
	expect_run("enforce", PROGRAMS "hello");
}

CASE_FN(missing_program)
{
	struct outcome outcome = run_with("enforce", "nonesuch");

	ck_assert_str_eq(outcome.err, "mseal: nonesuch: no such program\n");
	ck_assert_int_eq(outcome.status, 127);
}

static const struct {
	const char *option;
	const char *err;
} misuses[] = {
	{ "--auto=enfroce", "mseal run: no policy 'enfroce'\n" },
	{ "--auto=all", "mseal run: no policy 'all'\n" },
	{ "--types=report", "mseal run: no types 'report'\n" },
	{ "--", "mseal run: no program given\n" },
};

CASE_FN(misuse)
{
	const char *option = misuses[row].option;
	const char *program = strcmp(option, "--") ? PROGRAMS "hello" : NULL;
	struct outcome outcome = run("mseal", "run", option, program, NULL);

	ck_assert_int_eq(strncmp(outcome.err, misuses[row].err,
				 strlen(misuses[row].err)), 0);
	ck_assert_str_eq(outcome.out, "");
	ck_assert_int_eq(outcome.status, 2);
}

static const struct test tests[] = {
	TABLE(program, programs),
	TABLE(script, programs),
	TABLE(script_of_script, programs),
	TEST(good_script),
	TEST(no_program),
	TEST(deleted_library),
	TEST(missing_program),
	TABLE(misuse, misuses),
};

const struct suite refused_suite = {
	"refused", prepare, tests, sizeof(tests) / sizeof(*tests),
};
