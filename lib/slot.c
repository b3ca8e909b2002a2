// SPDX-License-Identifier: LGPL-2.1-or-later
#include "internal.h"

#if ATOMIC_LLONG_LOCK_FREE != 2
#error "64-bit atomics that take locks are not async-signal-safe"
#endif

static uint64_t pack(uint64_t changes, int fd)
{
	return changes << 32 | (uint32_t)(fd + 1);
}

static int descriptor(uint64_t word)
{
	return (int)(uint32_t)word - 1;
}

int mseal_slot_get(struct mseal_slot *slot, uint64_t *seen)
{
	/* Pairs with the release in mseal_slot_put(). */
	uint64_t word = atomic_load_explicit(&slot->word, memory_order_acquire);
	int fd = descriptor(word);
	struct mseal_identity id;

	*seen = word;
	if (fd < 0 || mseal_sys_identify(fd, &id))
		return -1;
	if (id.dev != atomic_load_explicit(&slot->dev, memory_order_relaxed) ||
	    id.ino != atomic_load_explicit(&slot->ino, memory_order_relaxed) ||
	    id.rdev != atomic_load_explicit(&slot->rdev, memory_order_relaxed))
		return -1;
	return fd;
}

bool mseal_slot_put(struct mseal_slot *slot, uint64_t seen, int fd,
		    const struct mseal_identity *id)
{
	uint64_t word = pack((seen >> 32) + 1, fd);

	if (fd >= 0) {
		atomic_store_explicit(&slot->dev, id->dev, memory_order_relaxed);
		atomic_store_explicit(&slot->ino, id->ino, memory_order_relaxed);
		atomic_store_explicit(&slot->rdev, id->rdev, memory_order_relaxed);
	}
	return atomic_compare_exchange_strong_explicit(&slot->word, &seen, word,
						       memory_order_release,
						       memory_order_relaxed);
}
