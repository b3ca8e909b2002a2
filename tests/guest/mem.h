/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_MEM_H
#define _MSEAL_TEST_MEM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A layout is a string with a letter for each page.  A capital is a page to be
 * sealed, else the same as its small letter:
 *
 *   .  hole                        n  private anonymous, PROT_NONE
 *   w  private anonymous, rw       e  private anonymous, rwx
 *   r  private anonymous, r        d  private anonymous, rw, MAP_GROWSDOWN
 *   s  shared anonymous, rw        q  shared anonymous, r
 *   f  private file, r             p  private file, rw
 *   g  shared file, rw             h  shared file, r, descriptor read only
 *
 * Neighbours with the same letter are one mapping.
 */

extern size_t page;

/* Far from where the kernel puts mappings by itself, so that holes stay holes. */
#define HIGH_ARENA	((char *)0x200000000000)
#define LOW_ARENA	((char *)0x50000000)

/* Where the cases work: high, or low for callers with 32-bit addresses. */
extern char *arena;

void mem_init(void);

void layout_map(char *at, const char *spec);
void layout_seal(char *at, const char *spec);
/* Fails the case unless every page has the kind of access that its letter says. */
void layout_expect(char *at, const char *spec);
/* Fails the case unless the capitals are sealed and the others are not. */
void layout_expect_sealed(char *at, const char *spec);

/* A file of this many pages with a pattern in it, already unlinked. */
int pattern_file(size_t pages, int open_flags);

struct page_state {
	bool mapped;
	bool content;
	char perm[5];
	unsigned long offset;
	unsigned long inode;
	unsigned long dev;
};

/* Where the mapping begins that this is in; NULL where there is none. */
const char *mapping_start(const char *at);

struct snap {
	char *at;
	size_t pages;
	char *bytes;
	struct page_state state[];
};

struct snap *snap_take(char *at, size_t pages);
bool snap_same(const struct snap *old, const struct snap *now);
/* Fails the case when a page of the range is not what it was, byte for byte. */
void snap_expect_same(const struct snap *old);
void snap_free(struct snap *snap);

struct page_state page_state(const char *at);
bool state_same(const struct page_state *a, const struct page_state *b);
bool is_mapped(const char *at);
int page_prot(const char *at);
/* Changes nothing: asks for the protection that the page has. */
bool is_sealed(char *at);

/* The first mapping of this name in /proc/self/maps; NULL: there is none. */
char *mapping_named(const char *name, size_t *len);
bool vmflag_set(const char *at, const char *flag);

/* A number of this mapping's entry in /proc/self/smaps, in kB; -1: none. */
long mapping_kb(const char *at, const char *field);

#endif /* _MSEAL_TEST_MEM_H */
