// SPDX-License-Identifier: GPL-2.0
/*
 * Looking up functions that aren't exported.  Since 5.7 the kernel's own look-up
 * isn't exported either, but a kprobe tells where a named function is.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>
#include <linux/string.h>

#include "symbols.h"

/* A direct call: an indirect one may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(on_each_symbol, kallsyms_on_each_symbol);

/* What a callback ends the walk with. */
#define WALK_ENDS	1

struct search {
	struct mseal_symbol *symbols;
	unsigned int nr;
};

static bool match_whole(struct search *search, const char *name,
			unsigned long addr)
{
	bool matches = false;
	unsigned int i;

	for (i = 0; i < search->nr; i++) {
		if (!search->symbols[i].name ||
		    strcmp(search->symbols[i].name, name))
			continue;
		search->symbols[i].addr = addr;
		search->symbols[i].found++;
		matches = true;
	}
	return matches;
}

/* A cold part is entered by its function only. */
static void match_copy(struct search *search, const char *name,
		       const char *ending)
{
	size_t len = ending - name;
	unsigned int i;

	if (strstr(ending, ".cold"))
		return;
	for (i = 0; i < search->nr; i++)
		if (search->symbols[i].name &&
		    strlen(search->symbols[i].name) == len &&
		    !strncmp(search->symbols[i].name, name, len))
			search->symbols[i].copies++;
}

static void match(struct search *search, const char *name, unsigned long addr)
{
	const char *ending;

	if (match_whole(search, name, addr))
		return;
	ending = strchr(name, '.');
	if (ending)
		match_copy(search, name, ending);
}

/* Up to 6.3 the callback gets the module too, NULL for the kernel proper. */
#ifdef MSEAL_HAVE_KALLSYMS_MODULE
static int visit(void *search, const char *name, struct module *mod,
		 unsigned long addr)
{
	if (mod)
		return WALK_ENDS;
	match(search, name, addr);
	return 0;
}
#else
static int visit(void *search, const char *name, unsigned long addr)
{
	match(search, name, addr);
	return 0;
}
#endif

/*
 * Up to 5.11 the walk goes on to the modules.  It ends at the first symbol it
 * finds there, which RCU keeps in place; later walks may sleep.
 */
#ifdef MSEAL_KALLSYMS_WALKS_MODULES
#define walk_lock()	rcu_read_lock()
#define walk_unlock()	rcu_read_unlock()
#else
#define walk_lock()
#define walk_unlock()
#endif

static unsigned long address_of(const char *name)
{
	/* Never armed, so taking it back needs no memory and can't fail. */
	struct kprobe probe = {
		.symbol_name = name,
		.flags = KPROBE_FLAG_DISABLED,
	};
	unsigned long addr;

	if (register_kprobe(&probe))
		return 0;
	addr = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return addr;
}

int mseal_find_symbols(struct mseal_symbol *symbols, unsigned int nr)
{
	unsigned long addr = address_of("kallsyms_on_each_symbol");
	struct search search = { .symbols = symbols, .nr = nr };
	int err;

	if (!addr)
		return -ENOENT;
	static_call_update(on_each_symbol,
			   (typeof(&kallsyms_on_each_symbol))addr);
	walk_lock();
	err = static_call(on_each_symbol)(visit, &search);
	walk_unlock();
	return err == WALK_ENDS ? 0 : err;
}

unsigned long mseal_symbol_size(unsigned long addr)
{
	char buf[KSYM_SYMBOL_LEN], *slash;
	unsigned long size;

	/* "name+0xoffset/0xsize" is all that is exported. */
	sprint_symbol(buf, addr);
	slash = strchr(buf, '/');
	return slash && !kstrtoul(slash + 1, 16, &size) ? size : 0;
}
