/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel made of variables, linked in place of lib/sys.c.  It has one
 * process's descriptors, a /dev/mseal and a system call 462; a test sets what
 * they answer and reads what was asked of them.
 *
 * Lock-free throughout, as the tests call the library from signal handlers and
 * from many threads.  Each call spoils errno, as a C library's may.
 */
#ifndef TESTS_LIB_FAKE_H
#define TESTS_LIB_FAKE_H

#include <linux/mseal_dev.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define FAKE_FILES 1100

enum fake_file {
	FAKE_NONE,	/* descriptor not open */
	FAKE_MSEAL,	/* the device */
	FAKE_RELOADED,	/* the device of a module that was loaded anew */
	FAKE_CHAR,	/* another device, answers ENOTTY to everything */
	FAKE_YES,	/* another device, answers 0 to everything */
	FAKE_PLAIN,	/* a regular file */
	FAKE_PIDFD,	/* of another process */
	FAKE_SMAPS,	/* of this process */
	FAKE_THEIRS,	/* the same of the other one */
	FAKE_FDINFO,	/* of a descriptor that is none of a process */
	FAKE_PIDINFO,	/* of one that is */
};

struct fake_kernel {
	/* What it answers; errors are negative errno values. */
	const char *release;		/* of uname(), NULL: it fails */
	int native;			/* of system call 462 */
	bool filtered;			/* system calls are */
	int child;			/* what becomes of one that calls it */
	int open;			/* opening /dev/mseal, 0: it opens */
	enum fake_file device;		/* what then is open */
	int info;
	int seal;
	int query;
	struct mseal_info report;	/* of INFO */
	const struct mseal_record *sealed; /* of this process, by the device */
	unsigned int nr_sealed;
	const char *smaps;		/* of either process; NULL: there is no /proc */
	const char *pid;		/* of the other one, as a descriptor is told */
	int opens_smaps;		/* 0: it opens */
	int read;			/* what reading ends with */
	int read_from;			/* and where, if not at the end */
	int gone;			/* the memory listed, once read so often */
	int chunk;			/* most bytes that are read at once, if not 0 */
	int ended;			/* the other process, once asked so often */
	int limit;			/* descriptors are below it */
	int crowd;			/* opening waits until it was asked so often */

	/* What was asked. */
	atomic_int natives;		/* system call 462 */
	atomic_int children;		/* made to call it */
	atomic_int opens;
	atomic_int seals;		/* asked of the device */
	atomic_int infos;		/* asked of the device */
	atomic_int queries;		/* asked of the device */
	atomic_int lives;		/* whether the other process does */
	atomic_int reads;		/* of a list of mappings */
	atomic_int foreign;		/* anything asked of another file */
	atomic_int calls;		/* all calls together */

	/* Before call number hook_at, from 1, hook runs once. */
	int hook_at;
	void (*hook)(void);
};

extern struct fake_kernel fake;

/* What this thread last had sealed, and the descriptor if by the device. */
extern _Thread_local struct mseal_range fake_range;
extern _Thread_local int fake_fd;
extern _Thread_local struct mseal_query fake_query;

/* A kernel of old with the module loaded; 0, 1 and 2 are open. */
void fake_boot(void);

/* What the program does with a descriptor behind the library's back. */
void fake_place(int fd, enum fake_file file);

enum fake_file fake_file(int fd);

/* Open descriptors of this kind, and the highest of them or -1. */
int fake_count(enum fake_file file);
int fake_find(enum fake_file file);

#endif /* TESTS_LIB_FAKE_H */
