// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "internal.h"

/*
 * Only documented errors leave the library.  call: what mseal() says, a subset
 * of what the native call says.  device: what mseal_backend(), mseal_open() and
 * mseal_use_fd() say.
 */
static const struct verdict {
	int err;
	int call;
	int device;
} verdicts[] = {
	/* Answers about the range, the native call's own. */
	{ EINVAL, EINVAL, ENOTTY },	/* bad argument; our device finds none in INFO */
	{ ENOMEM, ENOMEM, ENOMEM },	/* page not mapped, or no memory */
	{ EINTR, EINTR, EINTR },	/* interrupted by a signal */

	/* No way to the device. */
	{ ENOENT, ENOSYS, ENOENT },	/* module not loaded */
	{ ENOTDIR, ENOSYS, ENOENT },	/* no /dev to speak of */
	{ ENXIO, ENOSYS, ENODEV },	/* a node without a driver */
	{ ENODEV, ENOSYS, ENODEV },	/* the same; the hooks don't work any more */
	{ EACCES, ENOSYS, EACCES },	/* file permissions; a filter or security module */
	{ EPERM, EPERM, EPERM },	/* frozen; a filter or security module */
	{ EMFILE, ENOSYS, EMFILE },	/* the process's descriptors are used up */
	{ ENFILE, ENOSYS, ENFILE },	/* the system's open files are used up */
	{ EBADF, ENOSYS, EBADF },	/* descriptor closed meanwhile, twice */

	/* Something answered, but can't seal. */
	{ ENOTTY, ENOSYS, ENOTTY },	/* not the device */
	{ ENOSYS, ENOSYS, ENOSYS },	/* a filter; no new seals by order of root */
	{ EOPNOTSUPP, ENOSYS, EOPNOTSUPP }, /* a module without these types */
	{ E2BIG, ENOSYS, ENOTTY },	/* impossible: the structures' first version */
	{ EFAULT, ENOSYS, ENOTTY },	/* impossible: they are on our stack */
};

/* An error nobody foresaw means for sure that nothing was sealed. */
static const struct verdict unforeseen = { 0, ENOSYS, ENODEV };

static const struct verdict *judge(int err)
{
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (verdicts[i].err == -err)
			return &verdicts[i];
	return &unforeseen;
}

bool mseal_errno_refused(int err)
{
	return err == -ENOSYS || err == -EPERM || err == -EACCES;
}

int mseal_errno_call(int err)
{
	return judge(err)->call;
}

int mseal_errno_types(int err)
{
	return err == -EOPNOTSUPP ? EOPNOTSUPP : mseal_errno_call(err);
}

/* What the process asked about, or its descriptor, may have to say besides. */
int mseal_errno_query(int err)
{
	switch (-err) {
	case EBADF:
	case ESRCH:
	case EACCES:
	case EOPNOTSUPP:
	case EOVERFLOW:
	case EINTR:
	case ENOMEM:
		return -err;
	}
	return ENOSYS;
}

int mseal_errno_device(int err)
{
	return judge(err)->device;
}
