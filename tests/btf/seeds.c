// SPDX-License-Identifier: GPL-2.0
/* seeds DIR: the hand-made BTF as files, in all ways that fuzz.c takes them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

static int save(const char *dir, size_t nr, size_t count, int way, const uint8_t *data,
		size_t size)
{
	char path[4096];
	FILE *file;
	int bad;

	snprintf(path, sizeof(path), "%s/seed-%zu-%zu-%d", dir, nr, count, way);
	file = fopen(path, "wb");
	if (!file)
		return 1;
	bad = fputc(way, file) == EOF || fwrite(data, 1, size, file) != size;
	return fclose(file) || bad;
}

#define AS_IT_IS	1
#define TYPES_ONCE	0
#define TYPES_OFTEN	254

/* The function before all that it refers to, so that nothing follows its type. */
static uint8_t *function_first(const struct sample *sample, size_t *size)
{
	struct blob *last = blob_new(), *first = blob_new();
	uint32_t proto = sample->proto(last);

	free(blob_finish(last, size));
	blob_func(first, "f", proto + 1);
	sample->proto(first);
	return blob_finish(first, size);
}

/* A count of 0: the function first. */
static int save_all_ways(const char *dir, size_t nr, size_t count)
{
	struct blob_header header;
	size_t size;
	uint8_t *data = count ? sample_btf(&samples[nr], count, &size) :
				function_first(&samples[nr], &size);
	int bad;

	memcpy(&header, data, sizeof(header));
	bad = save(dir, nr, count, AS_IT_IS, data, size) ||
	      save(dir, nr, count, TYPES_ONCE, data + sizeof(header), header.types_len) ||
	      save(dir, nr, count, TYPES_OFTEN, data + sizeof(header), header.types_len);
	free(data);
	return bad;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: seeds DIR\n");
		return 2;
	}
	for (size_t i = 0; i < nr_samples; i++) {
		if (save_all_ways(argv[1], i, 0) || save_all_ways(argv[1], i, 1) ||
		    (i + 1 < nr_samples && save_all_ways(argv[1], i, 2))) {
			perror(argv[1]);
			return 1;
		}
	}
	return 0;
}
