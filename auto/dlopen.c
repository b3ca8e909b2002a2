// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Objects that are loaded later: sealed if nothing can unload them, or by policy
 * `all', which takes care that nothing can.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <string.h>

#include "auto.h"

typedef void *(*dlopen_fn)(const char *file, int mode);

static dlopen_fn next_dlopen(void)
{
	static _Atomic(dlopen_fn) found;
	dlopen_fn next = atomic_load(&found);

	if (!next) {
		next = (dlopen_fn)dlsym(RTLD_NEXT, "dlopen");
		if (!next)
			auto_fail("there is no dlopen()", NULL);
		atomic_store(&found, next);
	}
	return next;
}

/* One object of the loader's list, as it is asked for and as it is found. */
struct look {
	size_t wanted, at;
	struct link_map *map;
	bool candidate, found;
	char name[PATH_MAX];
};

static int by_place(struct dl_phdr_info *object, size_t size, void *data)
{
	struct look *look = data;

	(void)size;
	if (look->at++ != look->wanted)
		return 0;
	look->found = true;
	look->candidate = *object->dlpi_name &&
			  strlen(object->dlpi_name) < sizeof(look->name) &&
			  (auto_policy.all || auto_stays(object));
	if (look->candidate)
		strcpy(look->name, object->dlpi_name);
	return 1;
}

static int by_map(struct dl_phdr_info *object, size_t size, void *data)
{
	const struct link_map *map = data;

	(void)size;
	if (object->dlpi_addr != map->l_addr ||
	    strcmp(object->dlpi_name, map->l_name))
		return 0;
	auto_seal_object(object);
	return 1;
}

static void seal_handle(void *handle)
{
	struct link_map *map;

	if (!dlinfo(handle, RTLD_DI_LINKMAP, &map))
		dl_iterate_phdr(by_map, map);
}

/*
 * Another thread may be about to load or to unload what is found in the list.
 * To open it once more waits for that, and finds it whole or not at all; and it
 * is what keeps it from ever being unloaded, which a trial must not do.
 */
static void seal_name(const char *name)
{
	int stay = auto_policy.level == POLICY_REPORT ? 0 : RTLD_NODELETE;
	void *handle = next_dlopen()(name, RTLD_LAZY | RTLD_NOLOAD | stay);

	if (handle) {
		seal_handle(handle);
		dlclose(handle);
	}
	/* Whether it was found is nothing that the program asked. */
	dlerror();
}

static int count(struct dl_phdr_info *object, size_t size, void *data)
{
	(void)size;
	*(unsigned long long *)data = object->dlpi_adds;
	return 1;
}

/* How many objects were ever loaded. */
static unsigned long long loaded(void)
{
	unsigned long long adds = 0;

	dl_iterate_phdr(count, &adds);
	return adds;
}

/* How many had been when all were last looked through; it only grows. */
static _Atomic unsigned long long sealed;

static void set_sealed(unsigned long long adds)
{
	unsigned long long seen = atomic_load(&sealed);

	while (seen < adds && !atomic_compare_exchange_weak(&sealed, &seen, adds))
		;
}

void auto_all_sealed(void)
{
	set_sealed(loaded());
}

static void seal_new(void)
{
	struct look look = { 0 };

	do {
		look.at = 0;
		look.found = false;
		dl_iterate_phdr(by_place, &look);
		if (look.found && look.candidate)
			seal_name(look.name);
		look.wanted++;
	} while (look.found);
}

/*
 * Most calls bring nothing new, and a program that may open no file any more can
 * still make those.
 */
static void seal_after(void *made_to_stay)
{
	unsigned long long adds = loaded();

	if (!made_to_stay && adds == atomic_load(&sealed))
		return;
	auto_seal_begin();
	if (made_to_stay)
		seal_handle(made_to_stay);
	seal_new();
	auto_seal_end();
	set_sealed(adds);
}

struct search {
	uintptr_t caller;
	bool matters;
};

static bool holds(const struct dl_phdr_info *object, uintptr_t addr)
{
	size_t i;

	for (i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD &&
		    addr - object->dlpi_addr - segment->p_vaddr <
		    segment->p_memsz)
			return true;
	}
	return false;
}

static int has_path(struct dl_phdr_info *object, size_t size, void *data)
{
	struct search *search = data;

	(void)size;
	search->matters |= auto_has_tag(object, DT_RPATH) ||
			   (auto_has_tag(object, DT_RUNPATH) &&
			    holds(object, search->caller));
	return search->matters;
}

/* Does the loader look where the calling object tells it to? */
static bool caller_matters(const char *file, uintptr_t caller)
{
	struct search search = { .caller = caller };

	if (!file)
		return false;
	if (strchr(file, '$'))
		return true;
	if (strchr(file, '/'))
		return false;
	dl_iterate_phdr(has_path, &search);
	return search.matters;
}

static void *open_and_seal(const char *file, int mode)
{
	void *handle = next_dlopen()(file, mode);
	int saved = errno;

	if (handle)
		seal_after(file && mode & RTLD_NODELETE ? handle : NULL);
	errno = saved;
	return handle;
}

/*
 * The loader knows the caller by its return address.  Where that matters the call
 * is passed on as a jump, which leaves the address as it is; then what was loaded
 * is sealed after the next call that comes by.
 */
__attribute__((visibility("default"), optimize("O2")))
void *dlopen(const char *file, int mode)
{
	uintptr_t caller = (uintptr_t)__builtin_return_address(0);

	if (auto_policy.level <= POLICY_OFF || caller_matters(file, caller))
		return next_dlopen()(file, mode);
	return open_and_seal(file, mode);
}
