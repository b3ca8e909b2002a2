// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auto.h"

void auto_ranges_add(struct auto_ranges *ranges, uintptr_t start, uintptr_t end)
{
	if (start >= end)
		return;
	if (ranges->nr == AUTO_RANGES) {
		ranges->full = true;
		return;
	}
	ranges->range[ranges->nr++] = (struct auto_range){ start, end };
}

void auto_ranges_cut(struct auto_ranges *ranges, uintptr_t start, uintptr_t end)
{
	size_t nr = ranges->nr, i;

	if (start >= end)
		return;
	for (i = 0; i < nr; i++) {
		struct auto_range *range = &ranges->range[i];
		uintptr_t behind = range->end;

		if (range->start >= end || behind <= start)
			continue;
		range->end = range->start < start ? start : range->start;
		auto_ranges_add(ranges, end, behind);
	}
}
