// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "auto.h"

#define PARTS	8

/* In one call, so that lines of several processes don't mix. */
static void write_line(const char *part, va_list more)
{
	static const char name[] = "libmseal-auto: ", end[] = "\n";
	struct iovec line[PARTS + 2] = {
		{ .iov_base = (void *)name, .iov_len = sizeof(name) - 1 },
	};
	int nr = 1;

	for (; part && nr <= PARTS; part = va_arg(more, const char *)) {
		line[nr].iov_base = (void *)part;
		line[nr++].iov_len = strlen(part);
	}
	line[nr].iov_base = (void *)end;
	line[nr++].iov_len = sizeof(end) - 1;
	/* Who has no stderr can't be told. */
	if (writev(STDERR_FILENO, line, nr) < 0)
		return;
}

void auto_say(const char *part, ...)
{
	va_list more;

	va_start(more, part);
	write_line(part, more);
	va_end(more);
}

void auto_fail(const char *part, ...)
{
	va_list more;

	va_start(more, part);
	write_line(part, more);
	va_end(more);
	_exit(126);
}

bool auto_match(const char *pattern, const char *text)
{
	const char *star = NULL, *behind = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			behind = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++behind;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

long auto_read(int fd, char *text, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, text + len, size - len);

		if (n < 0)
			return -errno;
		if (!n) {
			text[len] = '\0';
			return (long)len;
		}
		len += (size_t)n;
	}
	return -EFBIG;
}
