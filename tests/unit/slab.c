// SPDX-License-Identifier: GPL-2.0
#include <linux/refcount.h>
#include <linux/slab.h>
#include <stdlib.h>
#include <string.h>

#include "broken.h"
#include "slab.h"

#define GARBAGE	0x5a

struct kmem_cache {
	const char *name;
	size_t size;
	bool accounted;
	unsigned long live;
};

/* Before each object, so that a free to the wrong cache is noticed. */
struct header {
	struct kmem_cache *cache;
	void *self;
};

_Thread_local const refcount_t *shim_last_read;

static unsigned int fail_first, fail_count, asked, caches;
static unsigned long objects;
static bool failed;

void shim_refcount_misused(void)
{
	broken("a reference count of zero was raised or dropped");
}

void slab_fail(unsigned int first, unsigned int count)
{
	fail_first = first;
	fail_count = count;
	asked = 0;
	failed = false;
}

unsigned int slab_asked(void)
{
	return asked;
}

bool slab_failed(void)
{
	return failed;
}

unsigned long slab_objects(void)
{
	return objects;
}

unsigned int slab_caches(void)
{
	return caches;
}

/* Objects may come from several threads, failures are asked for by one only. */
static bool must_fail(bool may_fail)
{
	unsigned int nth = __atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED);

	if (!may_fail || !fail_first || nth < fail_first ||
	    nth - fail_first >= fail_count)
		return false;
	failed = true;
	return true;
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *object))
{
	struct kmem_cache *cache;

	if (align || ctor)
		broken("%s: alignment and constructors aren't played", name);
	if (must_fail(true))
		return NULL;
	cache = calloc(1, sizeof(*cache));
	if (!cache)
		abort();
	cache->name = name;
	cache->size = size;
	cache->accounted = flags & SLAB_ACCOUNT;
	caches++;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	if (!cache)
		return;
	if (cache->live)
		broken("%s: destroyed with %lu objects", cache->name, cache->live);
	free(cache);
	caches--;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	struct header *header;

	if (!(gfp & __GFP_ACCOUNT) && !cache->accounted)
		broken("%s: charged to nobody", cache->name);
	if (must_fail(!(gfp & __GFP_NOFAIL)))
		return NULL;
	header = malloc(sizeof(*header) + cache->size);
	if (!header)
		abort();
	header->cache = cache;
	header->self = header + 1;
	memset(header->self, GARBAGE, cache->size);
	__atomic_add_fetch(&cache->live, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&objects, 1, __ATOMIC_RELAXED);
	return header + 1;
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	struct header *header = (struct header *)object - 1;

	if (header->self != object || header->cache != cache)
		broken("%s: freed an object that isn't its own", cache->name);
	free(header);
	__atomic_sub_fetch(&cache->live, 1, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&objects, 1, __ATOMIC_RELAXED);
}
