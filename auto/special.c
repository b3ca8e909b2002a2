// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "auto.h"

/* The longest line: its path is as long as the kernel's page of text. */
#define ROOM	8192

static const char *const names[] = { "[vdso]", "[vvar]", "[vvar_vclock]" };

static const char *special_name(const char *line)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t len = strlen(names[i]), all = strlen(line);

		if (all > len && !strcmp(line + all - len, names[i]) &&
		    line[all - len - 1] == ' ')
			return names[i];
	}
	return NULL;
}

static const char *hex(const char *at, uintptr_t *value)
{
	for (*value = 0;; at++) {
		if (*at >= '0' && *at <= '9')
			*value = *value << 4 | (uintptr_t)(*at - '0');
		else if (*at >= 'a' && *at <= 'f')
			*value = *value << 4 | (uintptr_t)(*at - 'a' + 10);
		else
			return at;
	}
}

static void one_line(const char *line,
		     void (*seal)(uintptr_t, uintptr_t, const char *))
{
	const char *name = special_name(line);
	uintptr_t start, end;

	if (!name)
		return;
	line = hex(line, &start);
	if (*line == '-' && *hex(line + 1, &end) == ' ')
		seal(start, end, name);
}

/* Only /proc tells where [vvar] is and how long the two are. */
bool auto_special(void (*seal)(uintptr_t start, uintptr_t end, const char *name))
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	char text[ROOM];
	size_t have = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while ((n = read(fd, text + have, sizeof(text) - have)) > 0) {
		char *line = text, *end;

		have += (size_t)n;
		while ((end = memchr(line, '\n', have - (size_t)(line - text)))) {
			*end = '\0';
			one_line(line, seal);
			line = end + 1;
		}
		have -= (size_t)(line - text);
		memmove(text, line, have);
	}
	close(fd);
	return !n;
}
