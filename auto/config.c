// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * /etc/mseal/auto.d/NAME.conf, in the order of their names.  A line is empty, a
 * comment that begins with #, a section [PATTERN] that holds for programs whose
 * path matches, or KEY = VALUE: policy, types, exclude.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "auto.h"

#define DIRECTORY	"/etc/mseal/auto.d"
#define FILE_ROOM	16384
#define BLANKS		" \t\r"
#define UNREADABLE	"can't be read"
#define NOT_ROOTS	"others than root can write it"

/* Patterns of objects, one behind the other, each with its zero. */
static struct {
	char text[8192];
	size_t len;
} excluded;

/* What stands where, while a file is read. */
struct reading {
	struct policy *policy;
	const char *program;
	const char *file;
	bool applies;
	bool incomplete;
};

bool auto_excluded(const char *path)
{
	size_t at;

	for (at = 0; at < excluded.len; at += strlen(excluded.text + at) + 1) {
		if (auto_match(excluded.text + at, path))
			return true;
	}
	return false;
}

static bool exclude(const char *pattern)
{
	size_t len = strlen(pattern) + 1;

	if (len == 1 || len > sizeof(excluded.text) - excluded.len)
		return false;
	memcpy(excluded.text + excluded.len, pattern, len);
	excluded.len += len;
	return true;
}

static char *trim(char *text)
{
	size_t len;

	text += strspn(text, BLANKS);
	len = strlen(text);
	while (len && strchr(BLANKS, text[len - 1]))
		text[--len] = '\0';
	return text;
}

static bool section(struct reading *reading, char *line)
{
	size_t len = strlen(line);

	reading->applies = false;
	if (line[len - 1] != ']')
		return false;
	line[len - 1] = '\0';
	reading->applies = auto_match(trim(line + 1), reading->program);
	return true;
}

static bool setting(struct reading *reading, char *line)
{
	char *value = strchr(line, '=');
	struct policy spare = { 0 };
	struct policy *policy = reading->applies ? reading->policy : &spare;

	if (!value)
		return false;
	*value++ = '\0';
	line = trim(line);
	value = trim(value);
	if (!strcmp(line, "policy"))
		return policy_parse(policy, value);
	if (!strcmp(line, "types"))
		return policy_parse_types(policy, value);
	if (!strcmp(line, "exclude"))
		return reading->applies ? exclude(value) : *value;
	return false;
}

static void read_line(struct reading *reading, char *line)
{
	bool good;

	line = trim(line);
	if (!*line || *line == '#')
		return;
	if (*line == '[')
		good = section(reading, line);
	else
		good = setting(reading, line);
	if (!good)
		auto_say(DIRECTORY "/", reading->file, ": ignored: ", line, NULL);
}

/* Whoever can write it could have it say anything. */
static bool is_roots(int fd, mode_t type)
{
	struct stat st;

	return !fstat(fd, &st) && (st.st_mode & S_IFMT) == type && !st.st_uid &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

static void read_lines(struct reading *reading, char *text)
{
	char *end;

	for (; text; text = end) {
		end = strchr(text, '\n');
		if (end)
			*end++ = '\0';
		read_line(reading, text);
	}
}

/* Of the directory or, behind a slash, of a file in it. */
static void ignore(const char *slash, const char *name, const char *why)
{
	auto_say(DIRECTORY, slash, name, ": ignored: ", why, NULL);
}

static void read_file(struct reading *reading, int dir, const char *name)
{
	static char text[FILE_ROOM];
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool unread = true;

	if (fd < 0) {
		ignore("/", name, UNREADABLE);
	} else if (!is_roots(fd, S_IFREG)) {
		ignore("/", name, NOT_ROOTS);
		unread = false;
	} else if (auto_read(fd, text, sizeof(text)) < 0) {
		ignore("/", name, "too long, or " UNREADABLE);
	} else {
		reading->file = name;
		reading->applies = true;
		read_lines(reading, text);
		unread = false;
	}
	reading->incomplete |= unread;
	if (fd >= 0)
		close(fd);
}

static bool is_config(const char *name)
{
	size_t len = strlen(name);

	return *name != '.' && len > 5 && !strcmp(name + len - 5, ".conf");
}

/*
 * The first name behind last in alphabetical order.  Returns 1, 0 if there is none,
 * -1 if the directory can't be read.
 */
static int next_name(int dir, const char *last, char *next)
{
	_Alignas(struct dirent64) char some[4096];
	int found = 0;
	long len, at;

	lseek(dir, 0, SEEK_SET);
	while ((len = syscall(SYS_getdents64, dir, some, sizeof(some))) > 0) {
		for (at = 0; at < len;) {
			struct dirent64 *entry = (void *)(some + at);

			at += entry->d_reclen;
			if (!is_config(entry->d_name) ||
			    strcmp(entry->d_name, last) <= 0 ||
			    (found && strcmp(entry->d_name, next) >= 0))
				continue;
			strcpy(next, entry->d_name);
			found = 1;
		}
	}
	return len < 0 ? -1 : found;
}

static bool read_files(struct reading *reading, int dir)
{
	char last[NAME_MAX + 1] = "", name[NAME_MAX + 1];
	int more;

	while ((more = next_name(dir, last, name)) > 0) {
		read_file(reading, dir, name);
		strcpy(last, name);
	}
	return !more;
}

static void read_directory(struct reading *reading)
{
	int dir = open(DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0 && errno == ENOENT)
		return;
	if (dir >= 0 && !is_roots(dir, S_IFDIR)) {
		ignore("", "", NOT_ROOTS);
	} else if (dir < 0 || !read_files(reading, dir)) {
		ignore("", "", UNREADABLE);
		reading->incomplete = true;
	}
	if (dir >= 0)
		close(dir);
}

/*
 * A policy that can't be read may be any.  To end the program would be hard on those
 * for which it is `off', and the user must not win by not being able to read: so it
 * is what it would be if nobody had said anything.
 */
void auto_config(struct policy *policy, const char *program)
{
	struct reading reading = { .policy = policy, .program = program };

	read_directory(&reading);
	if (reading.incomplete && policy->level == POLICY_UNSAID)
		policy->level = POLICY_TRY;
}
