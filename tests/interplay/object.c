// SPDX-License-Identifier: GPL-2.0
/*
 * An object to be loaded, in several makes: SELF_SEALED seals its text, NOTEXT
 * has an address in its text, which the loader has to write there.
 */
#define _GNU_SOURCE
#include <link.h>
#include <mseal.h>
#include <stdlib.h>
#include <string.h>

int value = 7;

int answer(void);

#ifdef NOTEXT
__asm__(".text\n"
	".globl place\n"
	".hidden place\n"
	"place: .quad value\n");
extern int *const place __attribute__((visibility("hidden")));
#else
static int *const place = &value;
#endif

int answer(void)
{
	return *place;
}

#ifdef SELF_SEALED
static int seal_text(struct dl_phdr_info *object, size_t size, void *data)
{
	(void)size, (void)data;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &object->dlpi_phdr[i];
		ElfW(Addr) start = object->dlpi_addr + p->p_vaddr;

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_X) ||
		    (ElfW(Addr))answer - start >= p->p_memsz)
			continue;
		if (mseal((void *)(start & -4096UL), p->p_memsz, 0))
			abort();
		return 1;
	}
	return 0;
}

__attribute__((constructor)) static void seal_itself(void)
{
	if (!dl_iterate_phdr(seal_text, NULL))
		abort();
}
#endif
