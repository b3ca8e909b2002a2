// SPDX-License-Identifier: GPL-2.0
#include "model.h"

/* Two in force and two on trial, one of them the same; the highest bit must stay. */
u64 model_types(unsigned int bits)
{
	static const u64 types[MODEL_TYPES] = { 1 << 1, 1 << 3, 1ull << 33, 1ull << 63 };
	u64 all = 0;

	for (unsigned int i = 0; i < MODEL_TYPES; i++)
		if (bits & 1u << i)
			all |= types[i];
	return all;
}

bool model_hit(const struct model *model, struct cells at, u64 types)
{
	for (unsigned int i = at.first; i <= at.last; i++)
		if (model->types[i] & types)
			return true;
	return false;
}

/* 0: none of the types, 1: one on trial, 2: one in force. */
int model_ask(const struct model *model, struct cells at, u64 types)
{
	if (model_hit(model, at, types & 0xffffffff))
		return 2;
	return model_hit(model, at, types << 32) ? 1 : 0;
}

u64 model_union(const struct model *model, struct cells at)
{
	u64 all = 0;

	for (unsigned int i = at.first; i <= at.last; i++)
		all |= model->types[i];
	return all;
}

static u64 either(u64 types)
{
	return (types | types >> 32) & 0xffffffff;
}

/* Asked about a type on trial it makes no difference whether another one is, too. */
bool model_lacks(const struct model *model, struct cells at, u64 having, u64 types)
{
	for (unsigned int i = at.first; i <= at.last; i++) {
		u64 has = model->types[i];

		if (!(has & having))
			continue;
		if (having >> 32 ? either(types) & ~either(has) : types & ~has)
			return true;
	}
	return false;
}

bool model_covers(const struct model *model, struct cells at, u64 types)
{
	for (unsigned int i = at.first; i <= at.last; i++)
		if ((model->types[i] & types) != types)
			return false;
	return true;
}

void model_add(struct model *model, struct cells at, u64 types)
{
	for (unsigned int i = at.first; i <= at.last; i++)
		model->types[i] |= types;
}

void model_cut(struct model *model, struct cells at)
{
	for (unsigned int i = at.first; i <= at.last; i++)
		model->types[i] = 0;
}

unsigned int model_ranges(const struct model *model, unsigned long base,
			  unsigned long unit, struct range *ranges)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < MODEL_CELLS; i++) {
		u64 types = model->types[i];

		if (!types)
			continue;
		if (!i || model->types[i - 1] != types) {
			ranges[nr].start = base + i * unit;
			ranges[nr].types = types;
			nr++;
		}
		ranges[nr - 1].last = base + i * unit + (unit - 1);
	}
	return nr;
}
