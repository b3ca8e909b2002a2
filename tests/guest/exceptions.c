// SPDX-License-Identifier: GPL-2.0
/*
 * The cases that native mseal isn't asked to pass.  Everything else has to hold
 * there too: that is how the tests are known to state what mseal means.
 */
#include <fnmatch.h>
#include <stddef.h>

#include "cases.h"
#include "exceptions.h"
#include "release.h"

#define BEFORE	"since 6.12 mprotect() changes what lies before the seal"
#define DISCARDED "since 6.12 madvise() discards what lies before the seal"
#define SPLITS	"a native seal splits the mapping in two, so it is another call"

static const struct exception {
	const char *id;		/* a shell pattern */
	const char *reason;
} exceptions[] = {
	{ "device/*", "the module's own interface" },
	{ "info/*", "the module's own interface" },
	{ "module/*", "the module itself" },
	{ "query*/*", "the module's own interface" },
	{ "serve_module/*", "the module itself" },
	{ "types*/*", "native mseal has no types" },
	{ "kill/*", "native mseal has no types" },
	{ "trace/*", "the module's own interface" },
	{ "cgroup/*", "measures what the module's ranges cost" },
	{ "fork_ranges/*", "measures the module's ranges" },
	{ "cgroup_fork/*", "measures what the module's ranges cost" },
	{ "storm/*", "native mseal has no types" },
	{ "stress/*", "counts what the module holds" },
	{ "library_device/*", "libmseal needs no device where the call is native" },
	{ "library_stress/device_appears", "libmseal needs no device where the call is native" },
	{ "args/hugetlb_cut_behind_others",
	  "native mseal has then sealed what lies before the huge page" },
	{ "mprotect*/*refused:sealed last*", BEFORE },
	{ "mprotect*/*refused:sealed between", BEFORE },
	{ "mprotect*/*refused:length rounded into the seal", BEFORE },
	{ "mprotect*/*refused:hole before the seal",
	  "since 6.12 mprotect() changes what lies before the hole and stops there" },
	{ "mprotect*/*refused:sealed file that may not be written, second",
	  "since 6.12 mprotect() changes what lies before and answers EACCES" },
	{ "mremap*/part_refused:move and shrink, tail*",
	  "native mremap() unmaps the destination before it finds the sealed tail" },
	{ "mremap*/part_refused:move, sealed is another mapping",
	  "since 6.17 mremap() moves several mappings" },
	{ "madvise_range*/refused:behind: *", DISCARDED },
	{ "madvise_uffd/whole:sealed behind*", DISCARDED },
	{ "madvise_uffd/sealed_itself_while_it_waits:*",
	  "native madvise() doesn't look again at the mapping whose reader it waited for" },
	{ "io_uring/sealed_behind:*", DISCARDED },
};

/* Nor a call of that number that is served, for it splits mappings, too. */
static const struct exception splits[] = {
	{ "mprotect*/*refused:growsdown behind a hole*", BEFORE },
	{ "mprotect*/*refused:growsdown into the seal", SPLITS },
	{ "mmap*/remap_file_pages_of:part", SPLITS },
	{ "mremap*/part_refused:*", SPLITS },
	{ "shm*/detach:part: *", "native shmdt() detaches what isn't sealed" },
};

static const struct exception before_6_17[] = {
	{ "mremap*/bad_destination*",
	  "before 6.17 the seal was found before the bad destination" },
};

static const char *find(const struct exception *from, size_t nr, const char *id)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!fnmatch(from[i].id, id, 0))
			return from[i].reason;
	return NULL;
}

const char *native_exception(const char *id)
{
	const char *reason = find(exceptions, ARRAY_SIZE(exceptions), id);

	if (!reason)
		reason = find(splits, ARRAY_SIZE(splits), id);
	if (!reason && !release_since(6, 17))
		reason = find(before_6_17, ARRAY_SIZE(before_6_17), id);
	return reason;
}

const char *served_exception(const char *id)
{
	return find(exceptions, ARRAY_SIZE(exceptions), id) ? NULL :
	       find(splits, ARRAY_SIZE(splits), id);
}
