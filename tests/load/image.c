// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "image.h"

struct image image_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct image image;
	struct stat st;

	ck_assert_msg(fd >= 0 && !fstat(fd, &st), "%s: %s", path, strerror(errno));
	image.size = st.st_size;
	image.data = malloc(image.size);
	ck_assert_ptr_nonnull(image.data);
	ck_assert_int_eq(read(fd, image.data, image.size), image.size);
	close(fd);
	return image;
}

/* The beginning of the C string around a place. */
static char *string_at(const struct image *image, char *at)
{
	while (at > image->data && at[-1])
		at--;
	return at;
}

/* The image has nothing else of the form "FUNCTION(". */
const char *image_spoil(struct image *image, const char *function)
{
	char words[128], *at;

	snprintf(words, sizeof(words), "%s(", function);
	at = memmem(image->data, image->size, words, strlen(words));
	ck_assert_msg(at, "no prototype of %s() in the module", function);
	at[strlen(words)]++;
	return string_at(image, at);
}

/* Each string that is the name as a whole, not the end of another. */
void image_rename(struct image *image, const char *from, const char *to)
{
	size_t len = strlen(from) + 1, left = image->size;
	char *at = image->data, *next;
	unsigned int renamed = 0;

	ck_assert_uint_le(strlen(to), strlen(from));
	while ((next = memmem(at, left, from, len))) {
		if (next > image->data && !next[-1]) {
			strcpy(next, to);
			renamed++;
		}
		left -= next + 1 - at;
		at = next + 1;
	}
	ck_assert_msg(renamed, "no \"%s\" in the module", from);
}

int image_load(const struct image *image, const char *parameters)
{
	return syscall(SYS_init_module, image->data, image->size, parameters) ?
	       errno : 0;
}
