// SPDX-License-Identifier: GPL-2.0
/* Whatever happens to the bytes: an answer, and nothing read outside. */
#include <stdlib.h>
#include <string.h>

#include "samples.h"
#include "test.h"

/* Each length in an area of just that size, so that a byte too far is seen. */
START_TEST(cut_anywhere)
{
	struct mseal_prototype f;
	size_t size;
	uint8_t *data = sample_btf(&samples[_i], 1, &size);

	for (size_t len = 0; len < size; len++) {
		uint8_t *cut = malloc(len ? len : 1);

		ck_assert_ptr_nonnull(cut);
		memcpy(cut, data, len);
		ck_assert_int_eq(look_up_f(cut, len, &f), -EINVAL);
		free(cut);
	}
	ck_assert_int_eq(look_up_f(data, size, &f), 0);
	free(data);
}
END_TEST

static bool is_answer(int err, const struct mseal_prototype *f)
{
	if (err)
		return err == -EINVAL;
	return strlen(f->text) < MSEAL_PROTOTYPE_LEN &&
	       (!f->err || f->err == -ENOENT || f->err == -E2BIG);
}

START_TEST(any_bit_flipped)
{
	struct mseal_prototype f;
	size_t size, refused = 0;
	uint8_t *data = sample_btf(&samples[_i], 1, &size);

	for (size_t bit = 0; bit < 8 * size; bit++) {
		int err;

		data[bit / 8] ^= 1U << bit % 8;
		err = look_up_f(data, size, &f);
		ck_assert_msg(is_answer(err, &f), "bit %zu: error %d, %d", bit, err, f.err);
		refused += !!err;
		data[bit / 8] ^= 1U << bit % 8;
	}
	ck_assert_uint_gt(refused, 8 * sizeof(struct blob_header) / 2);
	free(data);
}
END_TEST

START_TEST(any_word_overwritten)
{
	static const uint32_t values[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffff };
	struct mseal_prototype f;
	size_t size;
	uint8_t *data = sample_btf(&samples[_i], 1, &size);

	for (size_t at = 0; at + 4 <= size; at += 4) {
		uint8_t saved[4];

		memcpy(saved, data + at, 4);
		for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
			int err;

			memcpy(data + at, &values[v], 4);
			err = look_up_f(data, size, &f);
			ck_assert_msg(is_answer(err, &f), "byte %zu: error %d, %d", at, err,
				      f.err);
		}
		memcpy(data + at, saved, 4);
	}
	free(data);
}
END_TEST

TCase *damage_case(void)
{
	TCase *tcase = tcase_create("damage");

	tcase_add_loop_test(tcase, cut_anywhere, 0, nr_samples);
	tcase_add_loop_test(tcase, any_bit_flipped, 0, nr_samples);
	tcase_add_loop_test(tcase, any_word_overwritten, 0, nr_samples);
	return tcase;
}
