// SPDX-License-Identifier: GPL-2.0
/* What seals mean for mremap(), which does several things one after another. */
#include <linux/errno.h>
#include <linux/hugetlb.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmap_lock.h>

#include "compat/compat.h"
#include "compat/mman.h"
#include "mm.h"
#include "mremap.h"
#include "policy.h"

struct remap {
	unsigned long addr, old_len, new_len, flags, new_addr;
};

/* What the running call asks for. */
static struct remap running_call(void)
{
	unsigned long args[6];

	mseal_syscall_args(args);
	return (struct remap) {
		.addr = untagged_addr(args[0]),
		.old_len = args[1],
		.new_len = args[2],
		.flags = args[3],
		.new_addr = args[4],
	};
}

static bool is_move(const struct remap *r)
{
	return r->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP);
}

/* What the call itself answers with EINVAL, before it looks at any mapping. */
static bool valid(const struct remap *r)
{
	if (r->flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP))
		return false;
	if (is_move(r) && !(r->flags & MREMAP_MAYMOVE))
		return false;
	if (r->flags & MREMAP_DONTUNMAP && r->old_len != r->new_len)
		return false;
	return !offset_in_page(r->addr) && PAGE_ALIGN(r->new_len);
}

static bool valid_destination(const struct remap *r)
{
	if (!is_move(r))
		return true;
	if (offset_in_page(r->new_addr) || r->new_len > TASK_SIZE ||
	    r->new_addr > TASK_SIZE - r->new_len)
		return false;
	return r->addr + r->old_len <= r->new_addr ||
	       r->new_addr + r->new_len <= r->addr;
}

/* Does what is at the address stay there, less a tail perhaps? */
static bool stays(const struct remap *r)
{
	return !is_move(r) && r->old_len && r->new_len <= r->old_len;
}

/* What becomes of the source: the mapping at the address, then what gets unmapped. */
static enum mseal_answer ask_source(struct mm_struct *mm, const struct remap *r,
				    struct vm_area_struct *vma,
				    unsigned long kept, unsigned long end)
{
	enum mseal_answer answer;
	bool sealed;

	answer = mseal_ask_remap(mm, r->addr, min(end, vma->vm_end), &sealed);
	if (answer == MSEAL_REFUSES)
		return answer;
	answer = max(answer, mseal_ask_shrink(mm, kept, end));
	if (stays(r) || answer == MSEAL_REFUSES)
		return answer;
	return max(answer, mseal_ask_move(mm, r->addr,
					  min(r->old_len ? kept : end,
					      vma->vm_end)));
}

static void judge_destination(struct mm_struct *mm, const struct remap *r,
			      struct mseal_remapped *what)
{
	enum mseal_answer answer;

	if (!(r->flags & MREMAP_FIXED))
		return;
	answer = mseal_ask_map_over(mm, r->new_addr, r->new_addr + r->new_len);
	if (answer <= what->answer)
		return;
	what->answer = answer;
	what->range.start = r->new_addr;
	what->range.end = r->new_addr + r->new_len;
}

/*
 * Does the mapping at the address refuse, where something up to @end does?  What is
 * sealed is mapped, so it needs not be found if that is at the address itself.
 */
static bool refuses_at_once(struct mm_struct *mm, const struct remap *r,
			    unsigned long end)
{
	unsigned long first_end = r->addr + PAGE_SIZE;
	bool sealed;

	return end <= first_end ||
	       mseal_ask_remap(mm, r->addr, first_end, &sealed) == MSEAL_REFUSES;
}

/* Not every kernel looks for the source before it unmaps anything. */
static bool may_unmap_first(const struct remap *r)
{
	return r->flags & MREMAP_FIXED || stays(r);
}

/* A source of huge pages: both lengths are rounded up to them, once it is found. */
static void use_huge_pages(struct remap *r, struct vm_area_struct *vma)
{
	unsigned long size = vma_kernel_pagesize(vma);

	r->old_len = ALIGN(r->old_len, size);
	r->new_len = ALIGN(r->new_len, size);
}

static unsigned long source_end(const struct remap *r)
{
	return mseal_end(r->addr, r->old_len ?: PAGE_SIZE);
}

/* Native mseal judges the source before the destination. */
static int judge(struct mm_struct *mm, struct remap *r,
		 struct mseal_remapped *what)
{
	unsigned long end = source_end(r), kept;
	struct vm_area_struct *vma;
	bool sealed;

	what->range = (struct mseal_mm_range) { mm, r->addr, end };
	what->answer = mseal_ask_remap(mm, r->addr, end, &sealed);
	if (what->answer == MSEAL_REFUSES && refuses_at_once(mm, r, end))
		return -EPERM;
	if (!sealed && !may_unmap_first(r))
		return 0;
	vma = find_vma(mm, r->addr);
	if (!vma || vma->vm_start > r->addr)
		return -EFAULT;
	if (is_vm_hugetlb_page(vma)) {
		use_huge_pages(r, vma);
		end = source_end(r);
	}
	kept = mseal_end(r->addr, min(r->old_len, r->new_len));
	if (sealed)
		what->answer = ask_source(mm, r, vma, kept, end);
	if (what->answer == MSEAL_REFUSES)
		return -EPERM;
	if (stays(r))
		return 0;
	/* Only a shrink in place may reach over several mappings. */
	if (r->old_len && kept > vma->vm_end &&
	    mseal_ask_move(mm, r->addr, kept) == MSEAL_REFUSES)
		return -EFAULT;
	judge_destination(mm, r, what);
	return what->answer == MSEAL_REFUSES ? -EPERM : 0;
}

int mseal_judge_mremap(struct mm_struct *mm, struct mseal_remapped *what)
{
	struct remap r = running_call();

	mmap_assert_locked(mm);
	what->answer = MSEAL_PASSES;
	if (!valid(&r))
		return 0;
	r.old_len = PAGE_ALIGN(r.old_len);
	r.new_len = PAGE_ALIGN(r.new_len);
	return valid_destination(&r) ? judge(mm, &r, what) : 0;
}

bool mseal_mremap_judged(struct mm_struct *mm, struct mseal_mm_range *range)
{
	struct mseal_remapped what;

	/* A source that another thread has just unmapped is the call's own affair. */
	if (mseal_judge_mremap(mm, &what) != -EPERM)
		return false;
	*range = what.range;
	return true;
}
