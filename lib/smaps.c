// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the kernel's own mseal() has sealed, out of /proc/PID/smaps: a mapping's
 * first line begins with its addresses in small hexadecimal digits, its last one
 * has the flags, "sl" among them if it is sealed.
 */
#include <errno.h>
#include <linux/mseal_dev.h>

#include "internal.h"
#include "mseal.h"

#define SELF	"/proc/thread-self/"
#define END	(-1)

/* A file, byte by byte; no line is too long. */
struct text {
	int fd;
	int err;
	int at, have;
	char buf[1024];
};

static int next(struct text *text)
{
	if (text->at >= text->have) {
		int got = mseal_sys_read(text->fd, text->buf, sizeof(text->buf));

		text->at = 0;
		text->have = got;
		if (got < 0)
			text->err = got;
		if (got <= 0)
			return END;
	}
	return (unsigned char)text->buf[text->at++];
}

static void skip_line(struct text *text, int c)
{
	while (c != '\n' && c != END)
		c = next(text);
}

/* Returns whether it is the word that comes; *c is what follows, or differs. */
static bool is_word(struct text *text, const char *word, int *c)
{
	while (*word && *c == *word) {
		*c = next(text);
		word++;
	}
	return !*word;
}

/* *c is the first digit on entry and what follows the last one on return. */
static uint64_t hexadecimal(struct text *text, int *c)
{
	uint64_t value = 0;

	for (;; *c = next(text)) {
		if (*c >= '0' && *c <= '9')
			value = value << 4 | (uint64_t)(*c - '0');
		else if (*c >= 'a' && *c <= 'f')
			value = value << 4 | (uint64_t)(*c - 'a' + 10);
		else
			return value;
	}
}

static bool has_flag(struct text *text, int c)
{
	bool found = false;

	while (c == ' ') {
		c = next(text);
		if (is_word(text, "sl", &c) && (c == ' ' || c == '\n'))
			found = true;
		while (c != ' ' && c != '\n' && c != END)
			c = next(text);
	}
	skip_line(text, c);
	return found;
}

/* Returns false at the end. */
static bool next_sealed(struct text *text, struct mseal_record *record)
{
	int c;

	*record = (struct mseal_record){ .types = MSEAL_T_NATIVE };
	while ((c = next(text)) != END) {
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) {
			record->start = hexadecimal(text, &c);
			if (c == '-') {
				c = next(text);
				record->end = hexadecimal(text, &c);
			}
		} else if (is_word(text, "VmFlags:", &c)) {
			if (has_flag(text, c))
				return true;
			continue;
		}
		skip_line(text, c);
	}
	return false;
}

/* At the end of the text: is it all, or has the address space ended? */
static int complete(struct text *text)
{
	char byte;
	int ret = text->err;

	if (!ret)
		ret = mseal_sys_rewind(text->fd);
	if (!ret)
		ret = mseal_sys_read(text->fd, &byte, 1);
	if (ret < 0)
		return ret;
	return ret ? 0 : -ESRCH;
}

/* As the kernel sees it: on arm64 the uppermost byte is a tag. */
static uintptr_t untagged(uintptr_t addr)
{
#ifdef __aarch64__
	return addr & (uintptr_t)((intptr_t)(addr << 8) >> 8);
#else
	return addr;
#endif
}

static int collect(struct text *text, uintptr_t addr, struct mseal_list *list)
{
	struct mseal_record record;

	while (next_sealed(text, &record)) {
		int ret;

		if (record.end <= addr)
			continue;
		if (record.start < addr)
			record.start = addr;
		ret = mseal_list_add(list, &record);
		if (ret <= 0)
			return ret;
	}
	return complete(text);
}

/* Returns what follows the number. */
static char *put_number(char *to, int number)
{
	char digits[12];
	int n = 0;

	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (n)
		*to++ = digits[--n];
	return to;
}

static int open_numbered(const char *before, int number, const char *behind)
{
	char path[64], *to = path;

	while (*before)
		*to++ = *before++;
	to = put_number(to, number);
	do {
		*to++ = *behind;
	} while (*behind++);
	return mseal_sys_open(path);
}

/* Of a process that has ended, or isn't seen from here, the kernel says 0 or -1. */
static int decimal(struct text *text)
{
	int value = 0, c;

	while ((c = next(text)) >= '0' && c <= '9')
		value = value * 10 + (c - '0');
	return value ? value : -ESRCH;
}

/* Only descriptors of processes are told to have one. */
static int pid_of(int pidfd)
{
	struct text text = { .fd = open_numbered(SELF "fdinfo/", pidfd, "") };
	int pid = -EBADF, c;

	if (text.fd < 0)
		return text.fd;
	while (pid == -EBADF && (c = next(&text)) != END) {
		if (is_word(&text, "Pid:", &c) && c == '\t')
			pid = decimal(&text);
		else
			skip_line(&text, c);
	}
	mseal_sys_close(text.fd);
	return text.err ? text.err : pid;
}

/* Some mounts of /proc hide from others that a process is there. */
static bool denied(int err)
{
	return err == -ENOENT || err == -EPERM;
}

static int open_process(int pidfd)
{
	int fd, pid;

	/* The one error that can't be told from that of a missing /proc. */
	fd = pidfd < 0 ? -EBADF : mseal_sys_ended(pidfd);
	if (fd < 0)
		return fd;
	pid = pid_of(pidfd);
	if (pid < 0)
		return pid;
	fd = open_numbered("/proc/", pid, "/smaps");
	/* While it lives nobody else has had its number. */
	if (mseal_sys_ended(pidfd)) {
		if (fd >= 0)
			mseal_sys_close(fd);
		return -ESRCH;
	}
	return denied(fd) ? -EACCES : fd;
}

int mseal_smaps_query(int pidfd, uintptr_t addr, struct mseal_list *list)
{
	struct text text = { .err = 0 };
	int ret;

	text.fd = pidfd == MSEAL_SELF ? mseal_sys_open(SELF "smaps") :
					open_process(pidfd);
	if (text.fd < 0)
		return text.fd;
	ret = collect(&text, untagged(addr), list);
	mseal_sys_close(text.fd);
	return ret;
}
