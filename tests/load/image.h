/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_IMAGE_H
#define _MSEAL_LOAD_IMAGE_H

#include <stddef.h>

/* The module as it would be loaded, in memory. */
struct image {
	char *data;
	size_t size;
};

struct image image_read(const char *path);

/*
 * Makes the module expect another type of a function's first parameter, and
 * returns the place of the prototype that it expects now.
 */
const char *image_spoil(struct image *image, const char *function);

/* Makes it look for a function of another name, no longer than the first. */
void image_rename(struct image *image, const char *from, const char *to);

/* 0, or the errno. */
int image_load(const struct image *image, const char *parameters);

#endif /* _MSEAL_LOAD_IMAGE_H */
