/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_SLABS_H
#define _MSEAL_LOAD_SLABS_H

/*
 * Objects of a cache that are in use, and what a processor has in stock of them.  What
 * was freed and is kept back, for KASAN's sake, is given up first.
 */
long slab_objects(const char *cache);

#endif /* _MSEAL_LOAD_SLABS_H */
