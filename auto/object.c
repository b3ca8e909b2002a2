// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include "auto.h"

/* OpenBSD's mark, which linkers can write; GNU has no number of its own for it. */
#ifndef PT_OPENBSD_MUTABLE
#define PT_OPENBSD_MUTABLE 0x65a3dbe5
#endif

static uintptr_t page_down(uintptr_t addr)
{
	return addr & ~((uintptr_t)getpagesize() - 1);
}

static uintptr_t page_up(uintptr_t addr)
{
	return page_down(addr + (uintptr_t)getpagesize() - 1);
}

static uintptr_t start_of(const struct dl_phdr_info *object, size_t i)
{
	return object->dlpi_addr + object->dlpi_phdr[i].p_vaddr;
}

static uintptr_t end_of(const struct dl_phdr_info *object, size_t i)
{
	return start_of(object, i) + object->dlpi_phdr[i].p_memsz;
}

static bool is_load(const ElfW(Phdr) *segment, bool writable)
{
	return segment->p_type == PT_LOAD &&
	       !!(segment->p_flags & PF_W) == writable;
}

/*
 * What the loader makes read-only after relocation it rounds down at both ends,
 * so that a last page which holds other data stays writable.  Not the page that
 * it shares with a segment before.
 */
static void add_relro(const struct dl_phdr_info *object,
		      struct auto_ranges *ranges)
{
	size_t i;

	for (i = 0; i < object->dlpi_phnum; i++) {
		if (object->dlpi_phdr[i].p_type == PT_GNU_RELRO)
			auto_ranges_add(ranges, page_down(start_of(object, i)),
					page_down(end_of(object, i)));
	}
}

void auto_object_ranges(const struct dl_phdr_info *object, bool relro,
			struct auto_ranges *ranges)
{
	const ElfW(Phdr) *segment = object->dlpi_phdr;
	size_t i, nr = object->dlpi_phnum;

	*ranges = (struct auto_ranges){ 0 };
	for (i = 0; i < nr; i++) {
		if (is_load(&segment[i], false))
			auto_ranges_add(ranges, page_down(start_of(object, i)),
					page_up(end_of(object, i)));
	}
	for (i = 0; i < nr; i++) {
		if (is_load(&segment[i], true))
			auto_ranges_cut(ranges, page_down(start_of(object, i)),
					page_up(end_of(object, i)));
	}
	if (relro)
		add_relro(object, ranges);
	for (i = 0; i < nr; i++) {
		if (segment[i].p_type == PT_OPENBSD_MUTABLE)
			auto_ranges_cut(ranges, page_down(start_of(object, i)),
					page_up(end_of(object, i)));
	}
}
