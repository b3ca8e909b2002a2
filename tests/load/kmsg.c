// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cases.h"
#include "kmsg.h"

static int kmsg = -1;
static char text[64 << 10];
static size_t len;

void kmsg_mark(void)
{
	if (kmsg >= 0)
		close(kmsg);
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_ge(kmsg, 0);
	ck_assert_int_eq(lseek(kmsg, 0, SEEK_END), 0);
	len = 0;
	text[0] = '\0';
}

/* A record is "level,number,time,flags;text", and maybe more lines about it. */
static const char *text_of(const char *record)
{
	const char *said = strchr(record, ';');

	ck_assert_ptr_nonnull(said);
	return said + 1;
}

static void add_record(const char *record)
{
	const char *said = text_of(record);

	len += snprintf(text + len, sizeof(text) - len, "%.*s\n",
			(int)strcspn(said, "\n"), said);
	ck_assert_uint_lt(len, sizeof(text));
}

const char *kmsg_since(void)
{
	char record[8192];
	ssize_t got;

	while ((got = read(kmsg, record, sizeof(record) - 1)) > 0) {
		record[got] = '\0';
		add_record(record);
	}
	ck_assert_msg(errno == EAGAIN, "/dev/kmsg: %s", strerror(errno));
	return text;
}

static bool has_words(const char *line, const char *words)
{
	char copy[256], *next = copy, *word;

	snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&next, "|")))
		if (!strstr(line, word))
			return false;
	return true;
}

/* The kernel itself, too, begins lines about a module with its name. */
static bool by_module(const char *line)
{
	return !strncmp(line, "mseal: ", 7) && !strstr(line, "taints kernel") &&
	       !strstr(line, "tainting kernel");
}

static bool by_anybody(const char *line)
{
	(void)line;
	return true;
}

/* The number of lines by these people, and of those with the words. */
static int count(bool (*by)(const char *line), const char *words, int *matches)
{
	char copy[sizeof(text)], *next = copy, *line;
	int lines = 0;

	*matches = 0;
	strcpy(copy, kmsg_since());
	while ((line = strsep(&next, "\n"))) {
		if (!by(line))
			continue;
		lines++;
		*matches += words && has_words(line, words);
	}
	return lines;
}

void kmsg_expect_line(const char *words)
{
	int matches, lines = count(by_module, words, &matches);

	ck_assert_msg(lines == !!words && matches == lines,
		      "want %s in the log, found:\n%s",
		      words ? words : "nothing", text);
}

bool kmsg_has_words(const char *words)
{
	int matches;

	count(by_anybody, words, &matches);
	return matches > 0;
}

void kmsg_expect_words(const char *words)
{
	ck_assert_msg(kmsg_has_words(words), "want %s in the log, found:\n%s", words,
		      text);
}

/* How these lines begin says tests/vm/lib/splat.awk, which reads the console. */
static bool is_complaint(const char *said)
{
	static const char *const begins[] = {
		"WARNING: ", "BUG: ", "kernel BUG at ", "[ BUG: ", "INFO: possible ",
		"INFO: suspicious ", "INFO: inconsistent ", "INFO: trying to register",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(said, begins[i], strlen(begins[i])))
			return true;
	return false;
}

/* What was said faster than it is read is lost, which is EPIPE. */
void kmsg_expect_no_complaint(void)
{
	char record[8192];
	ssize_t got;

	while ((got = read(kmsg, record, sizeof(record) - 1)) > 0) {
		record[got] = '\0';
		ck_assert_msg(!is_complaint(text_of(record)), "the kernel said: %s",
			      text_of(record));
	}
	ck_assert_msg(errno == EAGAIN, "/dev/kmsg: %s", strerror(errno));
}
