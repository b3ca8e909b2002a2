// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>

#include <mseal.h>

#include "auto.h"

struct policy auto_policy;
char auto_program[PATH_MAX] = "the program";

void auto_incomplete(const char *what, const char *why)
{
	if (auto_policy.level == POLICY_ENFORCE)
		auto_fail("can't seal ", what, ": ", why, NULL);
}

static const char *cause(int err)
{
	int why;

	if (err == ENOSYS && mseal_backend(&why) == MSEAL_BACKEND_NONE)
		return why == ENOENT ? "there is no /dev/mseal" :
				       "/dev/mseal doesn't serve, \"mseal status\" says why";
	if (err == ENOMEM)
		return "no memory, or a page is gone";
	if (err == EOPNOTSUPP)
		return "these types can't be had here";
	return "refused";
}

/* Of the policy's types those that can't be had. */
static _Atomic uint64_t left_out;

/* Where nothing is to be sealed the answer depends on the types alone. */
static bool offered(uint64_t type)
{
	return !mseal_types(NULL, 0, MSEAL_T_NATIVE | type, 0) ||
	       errno != EOPNOTSUPP;
}

/* All or nothing is no choice for `try': who adds a type would then lift seals. */
static void leave_out(void)
{
	uint64_t missing = 0, type;

	for (type = 1; type && type <= auto_policy.types; type <<= 1) {
		if (auto_policy.types & type && !offered(type))
			missing |= type;
	}
	if (missing & ~atomic_fetch_or(&left_out, missing))
		auto_say("types that can't be had here are left out", NULL);
}

static int seal(uintptr_t start, uintptr_t end)
{
	uint64_t types = MSEAL_T_NATIVE |
			 (auto_policy.types & ~atomic_load(&left_out));

	if (auto_policy.level == POLICY_REPORT)
		types |= MSEAL_T_REPORT;
	return mseal_types((void *)start, end - start, types, 0);
}

void auto_seal_range(uintptr_t start, uintptr_t end, const char *name)
{
	int failed = seal(start, end);

	if (failed && errno == EOPNOTSUPP && auto_policy.level == POLICY_TRY) {
		leave_out();
		failed = seal(start, end);
	}
	if (failed)
		auto_incomplete(name, cause(errno));
}

/*
 * To load an object that needs an executable stack the loader changes a variable
 * in its own RELRO, and fails to load it where that is sealed: what `try' must
 * not do to a program.  AT_BASE doesn't tell where the loader is if the kernel
 * was told to execute the loader itself.
 */
static bool is_loader(const struct dl_phdr_info *object)
{
	return object->dlpi_addr && object->dlpi_addr == _r_debug.r_ldbase;
}

static bool left_alone(const struct dl_phdr_info *object, const char *path)
{
	if (auto_is_self(object))
		return false;
	if (auto_policy.marked && !auto_marked(object))
		return true;
	return auto_excluded(path);
}

static const char *path_of(const struct dl_phdr_info *object)
{
	return *object->dlpi_name ? object->dlpi_name : auto_program;
}

void auto_seal_object(const struct dl_phdr_info *object)
{
	const char *name = path_of(object);
	struct auto_ranges ranges;
	bool relro;
	size_t i;

	if (left_alone(object, name))
		return;
	relro = auto_policy.level != POLICY_TRY || !is_loader(object);
	auto_object_ranges(object, relro, &ranges);
	if (ranges.full)
		auto_incomplete(name, "too many segments");
	for (i = 0; i < ranges.nr; i++) {
		if (ranges.range[i].start < ranges.range[i].end)
			auto_seal_range(ranges.range[i].start,
					ranges.range[i].end, name);
	}
}
