// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdint.h>
#include <string.h>

#include "auto.h"

/* As binutils 2.44 writes it for -z memory-seal; headers don't know it yet. */
#ifndef GNU_PROPERTY_MEMORY_SEAL
#define GNU_PROPERTY_MEMORY_SEAL 3
#endif

#define WORD		sizeof(ElfW(Addr))

static size_t align_up(size_t value, size_t unit)
{
	return (value + unit - 1) & ~(unit - 1);
}

/* An array of properties: type, length, content, filled up to a word. */
static bool has_seal(const char *at, size_t len)
{
	while (len >= 8) {
		uint32_t head[2];
		size_t step;

		memcpy(head, at, sizeof(head));
		if (head[0] == GNU_PROPERTY_MEMORY_SEAL)
			return true;
		if (head[1] > len - 8)
			return false;
		step = align_up(8 + (size_t)head[1], WORD);
		if (step > len)
			return false;
		at += step;
		len -= step;
	}
	return false;
}

static bool is_property(const ElfW(Nhdr) *note, const char *name)
{
	return note->n_type == NT_GNU_PROPERTY_TYPE_0 && note->n_namesz == 4 &&
	       !memcmp(name, "GNU", 4);
}

static bool notes_ask(const char *at, size_t len, size_t unit)
{
	while (len >= sizeof(ElfW(Nhdr))) {
		ElfW(Nhdr) note;
		size_t head, step;

		memcpy(&note, at, sizeof(note));
		if (note.n_namesz > len || note.n_descsz > len)
			return false;
		head = align_up(sizeof(note) + note.n_namesz, unit);
		step = align_up(head + note.n_descsz, unit);
		if (head + note.n_descsz > len)
			return false;
		if (is_property(&note, at + sizeof(note)) &&
		    has_seal(at + head, note.n_descsz))
			return true;
		if (step > len)
			return false;
		at += step;
		len -= step;
	}
	return false;
}

bool auto_marked(const struct dl_phdr_info *object)
{
	size_t i;

	for (i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		size_t unit = segment->p_align == 8 ? 8 : 4;

		if (segment->p_type == PT_NOTE &&
		    notes_ask((char *)object->dlpi_addr + segment->p_vaddr,
			      segment->p_memsz, unit))
			return true;
	}
	return false;
}

static const ElfW(Dyn) *dynamic(const struct dl_phdr_info *object)
{
	size_t i;

	for (i = 0; i < object->dlpi_phnum; i++) {
		if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
			return (void *)(object->dlpi_addr +
					object->dlpi_phdr[i].p_vaddr);
	}
	return NULL;
}

static const ElfW(Dyn) *find_tag(const struct dl_phdr_info *object,
				 ElfW(Sxword) tag)
{
	const ElfW(Dyn) *entry = dynamic(object);

	for (; entry && entry->d_tag != DT_NULL; entry++) {
		if (entry->d_tag == tag)
			return entry;
	}
	return NULL;
}

bool auto_has_tag(const struct dl_phdr_info *object, ElfW(Sxword) tag)
{
	return find_tag(object, tag);
}

bool auto_stays(const struct dl_phdr_info *object)
{
	const ElfW(Dyn) *flags = find_tag(object, DT_FLAGS_1);

	return flags && flags->d_un.d_val & DF_1_NODELETE;
}
