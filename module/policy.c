// SPDX-License-Identifier: GPL-2.0
/* Which seal type forbids which operation. */
#include <linux/mseal_dev.h>

#include "mm.h"
#include "policy.h"

bool mseal_refuses_unmap(struct mm_struct *mm, unsigned long start,
			 unsigned long end)
{
	return mseal_mm_hit(mm, start, end, MSEAL_T_UNMAP);
}

bool mseal_refuses_map_over(struct mm_struct *mm, unsigned long start,
			    unsigned long end)
{
	return mseal_mm_hit(mm, start, end, MSEAL_T_UNMAP);
}

bool mseal_refuses_protect(struct mm_struct *mm, unsigned long start,
			   unsigned long end)
{
	return mseal_mm_hit(mm, start, end, MSEAL_T_PROTECT);
}
