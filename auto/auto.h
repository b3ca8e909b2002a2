/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmseal-auto.so: seals a program's code and what the loader made read-only,
 * before the program has run an instruction.  What its parts show each other:
 *
 *   init.c      when: the first constructor of all
 *   dlopen.c    when: after dlopen()
 *   policy.c    what a policy says; also in the command
 *   config.c    the administrator's policy
 *   marks.c     what an object says of itself
 *   object.c    which ranges of an object
 *   special.c   which of the kernel's own mappings
 *   ranges.c    sets of ranges
 *   seal.c      to seal, and what follows if that fails
 *   device.c    the descriptor by which is sealed
 *   text.c      strings and lines without the C library, which isn't set up yet
 *
 * At startup nothing here may allocate, use stdio or read the C library's
 * environment: the constructor runs before the C library's own.
 */
#ifndef MSEAL_AUTO_H
#define MSEAL_AUTO_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy.h"

/* text.c */

/* One line on stderr, "libmseal-auto: " and the parts up to NULL. */
void auto_say(const char *part, ...) __attribute__((sentinel));

/* The same, and the end: a program that must be sealed can't be. */
void auto_fail(const char *part, ...) __attribute__((sentinel, noreturn));

/* Does text match a pattern in which * is any string and ? any character? */
bool auto_match(const char *pattern, const char *text);

/* The whole of a small file, as a string.  Returns its length or -errno. */
long auto_read(int fd, char *text, size_t size);

/* config.c */

/* Adds what the administrator has said for this program. */
void auto_config(struct policy *policy, const char *program);

/* Has the administrator excluded this object? */
bool auto_excluded(const char *path);

/* marks.c */

/* Is there a note that asks for sealing? */
bool auto_marked(const struct dl_phdr_info *object);

/* Does the object say that it is never unloaded? */
bool auto_stays(const struct dl_phdr_info *object);

/* Has the object's dynamic section this tag? */
bool auto_has_tag(const struct dl_phdr_info *object, ElfW(Sxword) tag);

/* ranges.c */

#define AUTO_RANGES	32

struct auto_range {
	uintptr_t start, end;
};

/* Ranges of one object, in no order; full if it needs more than there is room. */
struct auto_ranges {
	struct auto_range range[AUTO_RANGES];
	size_t nr;
	bool full;
};

void auto_ranges_add(struct auto_ranges *ranges, uintptr_t start, uintptr_t end);
void auto_ranges_cut(struct auto_ranges *ranges, uintptr_t start, uintptr_t end);

/* object.c */

/*
 * The whole pages of an object that neither it nor the loader writes any more,
 * with or without those that only the loader made so.
 */
void auto_object_ranges(const struct dl_phdr_info *object, bool relro,
			struct auto_ranges *ranges);

/* special.c */

/* Calls seal for what the kernel mapped beside the program; false: can't tell. */
bool auto_special(void (*seal)(uintptr_t start, uintptr_t end, const char *name));

/* seal.c */

extern struct policy auto_policy;

/* Its path, if there is a /proc. */
extern char auto_program[];

void auto_seal_range(uintptr_t start, uintptr_t end, const char *name);
void auto_seal_object(const struct dl_phdr_info *object);

/* Where sealing isn't complete: the end under enforce, else silence. */
void auto_incomplete(const char *what, const char *why);

/* device.c */

/* What is between these two seals by one descriptor, which isn't left open. */
void auto_seal_begin(void);
void auto_seal_end(void);

/* To be called once, before both. */
void auto_seal_prepare(void);

/* dlopen.c */

/* What is loaded by now is sealed. */
void auto_all_sealed(void);

/* init.c */

/* What this library itself consists of is sealed last: see init.c. */
bool auto_is_self(const struct dl_phdr_info *object);

#endif /* MSEAL_AUTO_H */
