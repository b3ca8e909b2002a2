/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_TRACEFS_H
#define _MSEAL_LOAD_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>

/* Files below /sys/kernel/tracing.  0, or the errno. */
int tracefs_read(const char *file, char *text, size_t size);
int tracefs_write(const char *file, const char *text);
int tracefs_append(const char *file, const char *text);

/*
 * Whether that is how it fails where the kernel lets nobody look: files are
 * missing if it was booted so, and don't open if it was told later.
 */
bool tracefs_shut(int err);

/* Any file that takes a word. */
int file_write(const char *path, const char *text);

/* Nothing traces any more. */
void tracefs_reset(void);

#endif /* _MSEAL_LOAD_TRACEFS_H */
