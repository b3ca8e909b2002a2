// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <linux/mseal_dev.h>

#include "internal.h"

/*
 * Where the library's own descriptor goes: away from the low numbers that
 * programs hard-code, hand to children or expect open() to return, yet below
 * 1,024, the usual limit.  0, 1 and 2 are never taken, since somebody would
 * write a message into them.
 */
#define HIGH_FD	1000
#define LEAST_FD 3

/* The caller's descriptor, if it gave one, and the library's own. */
static struct mseal_slot given;
static struct mseal_slot own;

static int ask(int fd, unsigned long request, void *arg)
{
	int ret = mseal_sys_ioctl(fd, request, arg);

	/* The device knows no other success than 0. */
	return ret > 0 ? -ENOTTY : ret;
}

static bool same_file(const struct mseal_identity *a,
		      const struct mseal_identity *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->rdev == b->rdev;
}

/*
 * Looks twice, since the program may put another file there meanwhile: that one
 * must not be remembered for the device that answered.
 */
static int verify(int fd, struct mseal_identity *id)
{
	struct mseal_info info = { .size = sizeof(info) };
	struct mseal_identity after;
	int err;

	err = mseal_sys_identify(fd, id);
	if (err)
		return err;
	err = ask(fd, MSEAL_IOC_INFO, &info);
	if (mseal_errno_refused(err))
		return err;
	if (err || !info.abi)
		return -ENOTTY;
	err = mseal_sys_identify(fd, &after);
	if (err)
		return err;
	return same_file(id, &after) ? 0 : -EBADF;
}

static int open_verified(struct mseal_identity *id)
{
	int fd = mseal_sys_open(MSEAL_DEVICE);
	int err;

	if (fd < 0)
		return fd;
	err = verify(fd, id);
	if (!err)
		return fd;
	/* What isn't there any more somebody else has closed. */
	if (err != -EBADF)
		mseal_sys_close(fd);
	return err;
}

static int move_up(int fd)
{
	int up = mseal_sys_dup(fd, HIGH_FD);

	if (up < 0) {
		if (fd >= LEAST_FD)
			return fd;
		up = mseal_sys_dup(fd, LEAST_FD);
		/* What a limit that low is called by fcntl(), but not by open(). */
		if (up == -EINVAL)
			up = -EMFILE;
	}
	mseal_sys_close(fd);
	return up;
}

/*
 * Finds a descriptor of the device.  *spare tells that it could not be
 * remembered, because another thread or a signal handler was faster, and that
 * the caller must close it; a remembered one is never closed, somebody may be
 * about to use it.
 */
static int find(bool *spare)
{
	struct mseal_identity id;
	uint64_t seen;
	int fd;

	*spare = false;
	fd = mseal_slot_get(&given, &seen);
	if (fd < 0)
		fd = mseal_slot_get(&own, &seen);
	if (fd >= 0)
		return fd;

	fd = open_verified(&id);
	if (fd >= 0)
		fd = move_up(fd);
	if (fd >= 0)
		*spare = !mseal_slot_put(&own, seen, fd, &id);
	return fd;
}

int mseal_device_open(void)
{
	struct mseal_identity id;

	return open_verified(&id);
}

int mseal_device_give(int fd)
{
	struct mseal_identity id;
	uint64_t seen;
	int err = 0;

	if (fd != -1)
		err = verify(fd, &id);
	if (err)
		return err;
	do {
		seen = atomic_load(&given.word);
	} while (!mseal_slot_put(&given, seen, fd, &id));
	return 0;
}

/*
 * Between the check of a remembered descriptor and its use another thread of
 * the program may still close it and put another file there.  Nothing short of
 * duplicating the descriptor for each call could prevent that; the other file
 * answers that it doesn't know the request, and the second round finds out.
 */
static bool swapped(int err)
{
	return err == -EBADF || err == -ENOTTY;
}

int mseal_device_call(unsigned long request, void *arg)
{
	int err = -ENOTTY;

	for (int round = 0; round < 2 && swapped(err); round++) {
		bool spare;
		int fd = find(&spare);

		if (fd < 0)
			return fd;
		err = ask(fd, request, arg);
		if (spare)
			mseal_sys_close(fd);
	}
	return err;
}
