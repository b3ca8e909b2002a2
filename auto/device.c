// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The descriptor that libmseal would keep open isn't the program's, which may
 * count, close or pass on every one it finds.  So there is one only while somebody
 * seals, in one thread or in several.
 */
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mseal.h>

#include "auto.h"

/*
 * Guards the two below.  No call of the loader's is made under it, since there
 * another thread may be, which waits for it.  A signal handler may interrupt the
 * thread that has it, and fork.
 */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static unsigned int users;
static int device = -1;

/* close() is a cancellation point. */
static void give_up(void)
{
	if (device < 0)
		return;
	mseal_use_fd(-1);
	syscall(SYS_close, device);
	device = -1;
}

void auto_seal_begin(void)
{
	pthread_mutex_lock(&lock);
	users++;
	if (device < 0) {
		device = mseal_open();
		if (device >= 0)
			mseal_use_fd(device);
	}
	pthread_mutex_unlock(&lock);
}

void auto_seal_end(void)
{
	pthread_mutex_lock(&lock);
	/* None in a child that a signal handler began meanwhile. */
	if (users && !--users)
		give_up();
	pthread_mutex_unlock(&lock);
}

static void before_fork(void)
{
	pthread_mutex_lock(&lock);
}

static void in_parent(void)
{
	pthread_mutex_unlock(&lock);
}

/* Those who sealed are the parent's threads, and so is who has locked. */
static void in_child(void)
{
	users = 0;
	give_up();
	lock = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
}

/*
 * The first handlers of the process: what other handlers lock is locked before
 * this then, as in their dlopen().  There is room for some without allocation, and
 * what goes wrong without them is a descriptor too many.
 */
void auto_seal_prepare(void)
{
	pthread_atfork(before_fork, in_parent, in_child);
}
