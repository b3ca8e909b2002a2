/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_SLAB_H
#define _SHIM_SLAB_H

#include <limits.h>
#include <linux/types.h>
#include <stddef.h>

struct kmem_cache;

#define SLAB_ACCOUNT		0x1u

#define GFP_KERNEL		((gfp_t)0x1)
#define __GFP_ACCOUNT		((gfp_t)0x2)
#define __GFP_NOFAIL		((gfp_t)0x4)
#define GFP_KERNEL_ACCOUNT	(GFP_KERNEL | __GFP_ACCOUNT)

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *object));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);

#endif /* _SHIM_SLAB_H */
