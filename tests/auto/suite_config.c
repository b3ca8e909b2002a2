// SPDX-License-Identifier: GPL-2.0
/* The administrator's word, and what the environment may add to it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "outcome.h"
#include "suites.h"

#define DIRECTORY	"/etc/mseal/auto.d"
#define FIRST		DIRECTORY "/10-first.conf"
#define SECOND		DIRECTORY "/20-second.conf"
#define IGNORED		"libmseal-auto: "

static void prepare(void)
{
	tries_forget();
	setenv("LD_PRELOAD", AUTO ":" PROGRAMS "libtries.so", 1);
	unsetenv("MSEAL_AUTO");
	unlink(FIRST);
	unlink(SECOND);
	rmdir(DIRECTORY);
	mkdir("/etc/mseal", 0755);
}

static void expect_tried(void)
{
	ck_assert_int_eq(tries("passed", ""), 2);
	ck_assert_int_eq(tries("passed", "ld-linux"), 2);
	ck_assert_int_ge(tries("refused", ""), 18);
}

static void expect_but_libc(void)
{
	ck_assert_int_eq(tries("passed", ""), 4);
	ck_assert_int_eq(tries("passed", "libc.so.6"), 4);
	ck_assert_int_ge(tries("refused", ""), 16);
}

static void expect_killed(void)
{
	ck_assert_int_ge(tries("killed", ""), 20);
	ck_assert_int_eq(tries("killed", ""), tries("", ""));
}

static const struct {
	const char *name;
	const char *config;
	const char *environment;
	void (*expect)(void);
} rows[] = {
	{ "nothing_said", NULL, NULL, expect_tried },
	{ "nothing_but_off", NULL, "off", expect_none_refused },
	{ "nothing_but_report", NULL, "report", expect_none_refused },
	{ "nothing_but_enforce", NULL, "enforce", expect_all_refused },
	{ "empty", "# nothing\n\n", NULL, expect_tried },
	{ "off", "policy = off\n", NULL, expect_none_refused },
	{ "off_to_enforce", "policy = off\n", "enforce", expect_all_refused },
	{ "report", "policy = report\n", NULL, expect_none_refused },
	{ "report_not_off", "policy = report\n", "off", expect_none_refused },
	{ "try_not_off", "policy = try\n", "off", expect_tried },
	{ "try_not_report", "policy = try\n", "report", expect_tried },
	{ "try_to_enforce", "policy = try\n", "enforce", expect_all_refused },
	{ "enforce", "policy=enforce", NULL, expect_all_refused },
	{ "enforce_not_off", "policy = enforce\n", "off", expect_all_refused },
	{ "enforce_not_report", "policy = enforce\n", "report", expect_all_refused },
	{ "enforce_not_try", "policy = enforce\n", "try", expect_all_refused },
	{ "enforce_not_marked", "policy = enforce\n", "enforce,marked",
	  expect_all_refused },
	{ "last_counts", "policy = off\n\tpolicy = enforce all\r\n", NULL,
	  expect_all_refused },
	{ "exclude", "policy = enforce\nexclude = */libc.so.6\n", NULL,
	  expect_but_libc },
	{ "exclude_stays", "exclude = */libc.s?.6\n", "enforce", expect_but_libc },
	{ "section", "policy = off\n[/auto/h*o]\npolicy = enforce\n", NULL,
	  expect_all_refused },
	{ "others_section", "policy = off\n[/auto/hell]\npolicy = enforce\n", NULL,
	  expect_none_refused },
	{ "others_exclude", "policy = enforce\n[/bin/*]\nexclude = *\n", NULL,
	  expect_all_refused },
	{ "section_for_all", "[/bin/*]\npolicy = off\n[*]\npolicy = enforce\n", NULL,
	  expect_all_refused },
	{ "types", "policy = enforce\ntypes = freeze, kill\n", NULL,
	  expect_killed },
	{ "types_as_printed", "policy = enforce\ntypes = discard_all, kill\n", NULL,
	  expect_killed },
};

static void environment(const char *value)
{
	if (value)
		setenv("MSEAL_AUTO", value, 1);
}

static void expect_err(const char *err)
{
	struct outcome outcome = run(PROGRAMS "hello", NULL);

	ck_assert_str_eq(outcome.err, err);
	ck_assert_int_eq(lines(outcome.out), 1);
	ck_assert_int_eq(outcome.status, 7);
}

CASE_FN(says)
{
	if (rows[row].config) {
		ck_assert(!mkdir(DIRECTORY, 0755));
		write_file(FIRST, rows[row].config, 0644);
	}
	environment(rows[row].environment);
	expect_err("");
	rows[row].expect();
}

CASE_FN(order_of_names)
{
	ck_assert(!mkdir(DIRECTORY, 0755));
	write_file(SECOND, "policy = enforce\n", 0644);
	write_file(FIRST, "policy = off\n", 0644);
	write_file(DIRECTORY "/30-third", "policy = off\n", 0644);
	expect_err("");
	ck_assert(!unlink(DIRECTORY "/30-third"));
	expect_all_refused();
}

/* Who else could write it; the environment's off counts if it isn't listened to. */
static const struct {
	const char *name;
	mode_t directory, file;
	uid_t directory_owner, file_owner;
	const char *err;
} owners[] = {
	{ "roots", 0755, 0644, 0, 0, NULL },
	{ "anybodys_file", 0755, 0646, 0, 0, FIRST },
	{ "groups_file", 0755, 0664, 0, 0, FIRST },
	{ "users_file", 0755, 0644, 0, 65534, FIRST },
	{ "anybodys_directory", 0757, 0644, 0, 0, DIRECTORY },
	{ "groups_directory", 0775, 0644, 0, 0, DIRECTORY },
	{ "users_directory", 0755, 0644, 65534, 0, DIRECTORY },
};

CASE_FN(owner)
{
	char err[256] = "";

	ck_assert(!mkdir(DIRECTORY, 0755));
	write_file(FIRST, "policy = enforce\n", owners[row].file);
	ck_assert(!chown(FIRST, owners[row].file_owner, 0));
	ck_assert(!chmod(DIRECTORY, owners[row].directory));
	ck_assert(!chown(DIRECTORY, owners[row].directory_owner, 0));
	environment("off");
	if (owners[row].err)
		snprintf(err, sizeof(err), IGNORED
			 "%s: ignored: others than root can write it\n",
			 owners[row].err);
	expect_err(err);
	if (owners[row].err)
		expect_none_refused();
	else
		expect_all_refused();
}

static const struct {
	const char *name;
	const char *config;
	const char *err;
} nonsense[] = {
	{ "word", "policy = enforce\nnonsense\n", "nonsense" },
	{ "key", "policy = enforce\npolice = off\n", "police" },
	{ "policy", "policy = enforce\npolicy = of\n", "policy" },
	{ "types", "policy = enforce\ntypes = kil\n", "types" },
	{ "exclude", "policy = enforce\nexclude =\n", "exclude" },
	{ "section", "policy = enforce\n[/bin/*\n", "[/bin/*" },
	{ "what_is_behind", "policy = enforce\n[/bin/*]  # comment\npolicy = off\n",
	  "[/bin/*]  # comment" },
	{ "up_to_the_next", "[/bin/*]  # comment\npolicy = off\n"
	  "[/auto/*]\npolicy = enforce\n", "[/bin/*]  # comment" },
};

CASE_FN(ignores)
{
	struct outcome outcome;

	ck_assert(!mkdir(DIRECTORY, 0755));
	write_file(FIRST, nonsense[row].config, 0644);
	outcome = run(PROGRAMS "hello", NULL);
	ck_assert_int_eq(lines(outcome.err), 1);
	ck_assert_ptr_nonnull(strstr(outcome.err, IGNORED FIRST ": ignored: "));
	ck_assert_ptr_nonnull(strstr(outcome.err, nonsense[row].err));
	expect_all_refused();
}

static void be_nobody(void)
{
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		_exit(97);
}

/* What the administrator has said is kept from the program. */
static const struct {
	const char *name;
	mode_t directory, file;
	const char *environment;
	const char *err;
	void (*expect)(void);
} hidden[] = {
	{ "nothing", 0755, 0644, "off", NULL, expect_all_refused },
	{ "directory", 0700, 0644, NULL, DIRECTORY, expect_tried },
	{ "directory_off", 0700, 0644, "off", DIRECTORY, expect_tried },
	{ "directory_report", 0700, 0644, "report", DIRECTORY, expect_tried },
	{ "directory_enforce", 0700, 0644, "enforce", DIRECTORY, expect_all_refused },
	{ "names", 0711, 0644, "off", DIRECTORY, expect_tried },
	{ "file", 0755, 0600, NULL, FIRST, expect_tried },
	{ "file_off", 0755, 0600, "off", FIRST, expect_tried },
	{ "files", 0744, 0644, "off", FIRST, expect_tried },
};

CASE_FN(unreadable)
{
	struct outcome outcome;
	char err[256] = "";

	ck_assert(!mkdir(DIRECTORY, 0755));
	write_file(FIRST, "policy = enforce\n", hidden[row].file);
	ck_assert(!chmod(DIRECTORY, hidden[row].directory));
	write_file(TRIES, "", 0666);
	environment(hidden[row].environment);
	if (hidden[row].err)
		snprintf(err, sizeof(err), IGNORED "%s: ignored: can't be read\n",
			 hidden[row].err);
	outcome = run_after(be_nobody, PROGRAMS "hello", NULL);
	ck_assert_str_eq(outcome.err, err);
	ck_assert_int_eq(outcome.status, 7);
	hidden[row].expect();
}

/* What can be read counts, be it off, whatever the rest would say. */
CASE_FN(half_unreadable)
{
	struct outcome outcome;

	ck_assert(!mkdir(DIRECTORY, 0755));
	write_file(FIRST, "policy = off\n", 0644);
	write_file(SECOND, "policy = enforce\n", 0600);
	write_file(TRIES, "", 0666);
	outcome = run_after(be_nobody, PROGRAMS "hello", NULL);
	ck_assert_str_eq(outcome.err, IGNORED SECOND ": ignored: can't be read\n");
	ck_assert_int_eq(outcome.status, 7);
	expect_none_refused();
}

CASE_FN(too_long)
{
	char text[20000];

	memset(text, '#', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert(!mkdir(DIRECTORY, 0755));
	write_file(FIRST, text, 0644);
	environment("off");
	expect_err(IGNORED FIRST ": ignored: too long, or can't be read\n");
	expect_tried();
}

CASE_FN(bad_environment)
{
	environment("enfroce");
	expect_err(IGNORED "MSEAL_AUTO: ignored: enfroce\n");
	expect_tried();
}

/* With others' rights, the loader takes only libraries that are setuid themselves. */
CASE_FN(secure_environment)
{
	copy_file(AUTO, "/lib/x86_64-linux-gnu/libmseal-secure.so", 04755);
	copy_file(PROGRAMS "libtries.so", "/lib/x86_64-linux-gnu/libtries.so", 04755);
	copy_file(PROGRAMS "hello", "/tmp/secure", 0755);
	ck_assert(!chown("/tmp/secure", 65534, 0));
	ck_assert(!chmod("/tmp/secure", 04755));
	setenv("LD_PRELOAD", "libmseal-secure.so:libtries.so", 1);
	write_file(TRIES, "", 0666);
	environment("off");
	ck_assert_int_eq(run("/tmp/secure", NULL).status, 7);
	ck_assert(!unlink("/lib/x86_64-linux-gnu/libmseal-secure.so"));
	ck_assert(!unlink("/lib/x86_64-linux-gnu/libtries.so"));
	expect_tried();
}

static const struct test tests[] = {
	TABLE(says, rows),
	TEST(order_of_names),
	TABLE(owner, owners),
	TABLE(ignores, nonsense),
	TABLE(unreadable, hidden),
	TEST(half_unreadable),
	TEST(too_long),
	TEST(bad_environment),
	TEST(secure_environment),
};

const struct suite config_suite = {
	"config", prepare, tests, sizeof(tests) / sizeof(*tests),
};
