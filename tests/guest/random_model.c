// SPDX-License-Identifier: GPL-2.0
/* What mappings and seals mean, without any cleverness. */
#include <errno.h>
#include <sys/mman.h>

#include "random_model.h"

static bool any(const struct model *model, unsigned int from, unsigned int end,
		__u64 types)
{
	for (; from < end && from < MODEL_PAGES; from++)
		if (model->pages[from].types & types)
			return true;
	return false;
}

static bool hole(const struct model *model, unsigned int from, unsigned int end)
{
	for (; from < end; from++)
		if (!model->pages[from].mapped)
			return true;
	return false;
}

static void clear(struct model *model, unsigned int from, unsigned int end)
{
	for (; from < end && from < MODEL_PAGES; from++) {
		model->pages[from].mapped = false;
		model->pages[from].types = 0;
	}
}

static void map(struct model *model, unsigned int from, unsigned int end, int prot)
{
	clear(model, from, end);
	for (; from < end; from++) {
		model->pages[from].mapped = true;
		model->pages[from].prot = prot;
	}
}

static long seal(struct model *model, unsigned int from, unsigned int end,
		 __u64 types)
{
	unsigned int i;

	if (hole(model, from, end))
		return -ENOMEM;
	for (i = from; i < end; i++)
		if (model->pages[i].types & MSEAL_T_FREEZE &&
		    types & ~model->pages[i].types)
			return -EPERM;
	for (i = from; i < end; i++)
		model->pages[i].types |= types;
	return 0;
}

static long protect(struct model *model, unsigned int from, unsigned int end,
		    int prot)
{
	unsigned int i;

	if (!model->pages[from].mapped)
		return -ENOMEM;
	if (any(model, from, end, MSEAL_T_PROTECT))
		return -EPERM;
	for (i = from; i < end; i++)
		if (model->pages[i].types & MSEAL_T_UPGRADE &&
		    prot & ~model->pages[i].prot)
			return -EPERM;
	for (i = from; i < end && model->pages[i].mapped; i++)
		model->pages[i].prot = prot;
	return i < end ? -ENOMEM : 0;
}

static long move(struct model *model, unsigned int from, unsigned int to)
{
	if (!model->pages[from].mapped)
		return -EFAULT;
	if (model->pages[from].types ||
	    any(model, to, to + 1, MSEAL_T_UNMAP | MSEAL_T_OVER))
		return -EPERM;
	map(model, to, to + 1, model->pages[from].prot);
	clear(model, from, from + 1);
	return 0;
}

static long shrink(struct model *model, unsigned int from)
{
	if (!model->pages[from].mapped)
		return -EFAULT;
	if (any(model, from, from + 2, MSEAL_T_REMAP) ||
	    any(model, from + 1, from + 2, MSEAL_T_UNMAP))
		return -EPERM;
	clear(model, from + 1, from + 2);
	return 0;
}

static long discard(const struct model *model, unsigned int from, unsigned int end)
{
	unsigned int i;

	if (any(model, from, end, MSEAL_T_DISCARD_ALL))
		return -EPERM;
	for (i = from; i < end; i++)
		if (model->pages[i].types & MSEAL_T_DISCARD &&
		    !(model->pages[i].prot & PROT_WRITE))
			return -EPERM;
	return hole(model, from, end) ? -ENOMEM : 0;
}

long model_step(struct model *model, const struct step *step)
{
	unsigned int from = step->from, end = from + step->pages;

	switch (step->call) {
	case STEP_SEAL:
		return seal(model, from, end, step->types);
	case STEP_UNMAP:
		if (any(model, from, end, MSEAL_T_UNMAP))
			return -EPERM;
		clear(model, from, end);
		return 0;
	case STEP_MAP:
		if (any(model, from, end, MSEAL_T_UNMAP | MSEAL_T_OVER))
			return -EPERM;
		map(model, from, end, step->prot);
		return 0;
	case STEP_PROTECT:
		return protect(model, from, end, step->prot);
	case STEP_MOVE:
		return move(model, from, step->to);
	case STEP_SHRINK:
		return shrink(model, from);
	case STEP_DISCARD:
		return discard(model, from, end);
	default:
		return -ENOSYS;
	}
}
