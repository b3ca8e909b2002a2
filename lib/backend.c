// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <linux/mseal_dev.h>
#include <sys/utsname.h>

#include "internal.h"
#include "mseal.h"

/* Returns what follows the number, or NULL if there is none to speak of. */
static const char *number(const char *s, unsigned int *value)
{
	const char *end = s;

	for (*value = 0; *end >= '0' && *end <= '9'; end++) {
		if (end - s == 4)
			return NULL;
		*value = *value * 10 + (unsigned int)(*end - '0');
	}
	return end == s ? NULL : end;
}

/* Doubt counts as no: an unknown system call may be answered with a kill. */
bool mseal_release_has_call(const char *release)
{
	unsigned int major, minor;

	release = number(release, &major);
	if (!release || *release != '.' || !number(release + 1, &minor))
		return false;
	return major > 6 || (major == 6 && minor >= 10);
}

static bool kernel_has_call(void)
{
	struct utsname name;

	return !mseal_sys_uname(&name) && mseal_release_has_call(name.release);
}

/* The device says EPERM to what is frozen, a filter to other calls as well. */
static int device_seal(void *addr, size_t len, uint64_t types, uint64_t flags)
{
	struct mseal_info info = { .size = sizeof(info) };
	struct mseal_range range = {
		.size = sizeof(range),
		.addr = (uintptr_t)addr,
		.len = len,
		.types = types,
		.flags = flags,
	};
	int err = mseal_device_call(MSEAL_IOC_SEAL, &range);

	if (err == -EPERM && mseal_device_call(MSEAL_IOC_INFO, &info))
		return -ENOSYS;
	return err;
}

int mseal_backend_call(void *addr, size_t len, unsigned long flags)
{
	if (!kernel_has_call() || !mseal_filter_passes())
		return -ENOSYS;
	return mseal_sys_mseal(addr, len, flags);
}

int mseal_backend_device(void *addr, size_t len, unsigned long flags)
{
	return device_seal(addr, len, MSEAL_T_NATIVE, flags);
}

int mseal_backend_seal(void *addr, size_t len, unsigned long flags)
{
	int err = mseal_backend_call(addr, len, flags);

	return mseal_errno_refused(err) ?
	       mseal_backend_device(addr, len, flags) : err;
}

/* Included in others of MSEAL_T_NATIVE. */
#define IMPLIED	(MSEAL_T_UPGRADE | MSEAL_T_OVER)

static bool native_gives(uint64_t types, bool or_stricter)
{
	if (or_stricter)
		return !(types & ~(MSEAL_T_NATIVE | IMPLIED));
	return (types & ~IMPLIED) == MSEAL_T_NATIVE;
}

int mseal_backend_types(void *addr, size_t len, uint64_t types,
			unsigned int flags)
{
	bool or_stricter = flags & MSEAL_OR_STRICTER;
	int err;

	if (!(types & ~MSEAL_T_REPORT) || flags & ~MSEAL_OR_STRICTER)
		return -EINVAL;
	if (kernel_has_call())
		return native_gives(types, or_stricter) ?
		       mseal_backend_seal(addr, len, 0) : -EOPNOTSUPP;
	err = device_seal(addr, len, types, 0);
	if (err == -EOPNOTSUPP && native_gives(types, or_stricter))
		err = device_seal(addr, len, MSEAL_T_NATIVE, 0);
	return err;
}

static int device_state(void)
{
	struct mseal_info info = { .size = sizeof(info) };
	int err = mseal_device_call(MSEAL_IOC_INFO, &info);

	if (err)
		return err;
	if (!(info.state & MSEAL_STATE_LIVE))
		return -ENODEV;
	if (!(info.state & MSEAL_STATE_NEW_SEALS))
		return -ENOSYS;
	if ((info.types & MSEAL_T_NATIVE) != MSEAL_T_NATIVE)
		return -EOPNOTSUPP;
	return 0;
}

/* Sealing nothing succeeds wherever the call exists. */
static int try_call(void)
{
	return mseal_backend_call(NULL, 0, 0);
}

bool mseal_backend_native(void)
{
	return !mseal_errno_refused(try_call());
}

int mseal_backend_find(int *cause)
{
	int native = 0;

	*cause = 0;
	if (kernel_has_call()) {
		native = try_call();
		if (!mseal_errno_refused(native))
			return MSEAL_BACKEND_NATIVE;
	}
	*cause = device_state();
	if (!*cause)
		return MSEAL_BACKEND_DEVICE;
	/* Where the kernel has the call, a missing module isn't the trouble. */
	if (native && *cause == -ENOENT)
		*cause = native;
	return MSEAL_BACKEND_NONE;
}
