// SPDX-License-Identifier: GPL-2.0
/*
 * usage: opener open|nodelete|close FILE...
 *        opener threads|forks FILE...
 *        opener sandboxed [FILE...]
 * Opens libraries, and says of each whether it could, and whether it stays after
 * it was closed; or does so often in several threads, perhaps while children are
 * started, and says how many descriptors of the device remain; or opens what is
 * loaded already where to open a file ends the process.
 */
#include <dlfcn.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS	4
#define ROUNDS	50
#define CHILDREN	100
#define DESCRIPTORS	1024

static atomic_int forking;

static const char *stays(const char *file)
{
	void *handle = dlopen(file, RTLD_NOW | RTLD_NOLOAD);

	if (handle)
		dlclose(handle);
	return handle ? "stays" : "gone";
}

static void open_one(const char *file, int mode, int close)
{
	void *handle = dlopen(file, RTLD_NOW | mode);
	const char *error = dlerror();

	if (!handle) {
		printf("%s\n", error);
		return;
	}
	printf("opened %s%s", file, error ? " and an error" : "");
	if (close) {
		dlclose(handle);
		printf(" %s", stays(file));
	}
	printf("\n");
}

static void *open_often(void *file)
{
	int i;

	for (i = 0; i < ROUNDS || atomic_load(&forking); i++) {
		void *handle = dlopen(file, RTLD_NOW);

		if (!handle)
			return "not opened";
		dlclose(handle);
	}
	return NULL;
}

static int devices(void)
{
	struct stat device, st;
	int fd, nr = 0;

	if (stat("/dev/mseal", &device))
		return -1;
	for (fd = 0; fd < DESCRIPTORS; fd++)
		nr += !fstat(fd, &st) && S_ISCHR(st.st_mode) &&
		      st.st_rdev == device.st_rdev;
	return nr;
}

static int devices_in_children(void)
{
	int i, status, nr = 0;

	for (i = 0; i < CHILDREN; i++) {
		pid_t child = fork();

		if (!child)
			_exit(devices());
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    !WIFEXITED(status))
			return -1;
		nr += WEXITSTATUS(status);
	}
	return nr;
}

static void open_by_threads(char *files[], int nr, int forks)
{
	int in_children = forks ? -1 : 0;
	pthread_t threads[THREADS];
	void *failure;
	int i;

	atomic_store(&forking, forks);
	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, open_often, files[i % nr]);
	if (forks)
		in_children = devices_in_children();
	atomic_store(&forking, 0);
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &failure);
		printf("%s\n", failure ? (char *)failure : "opened often");
	}
	printf("%d devices\n", devices());
	if (forks)
		printf("%d devices in children\n", in_children);
}

static void forbid_opening(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(97);
}

/* What is preloaded may want to open files at the end. */
static void open_sandboxed(char *files[], int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!dlopen(files[i], RTLD_NOW))
			_exit(96);
	}
	forbid_opening();
	if (dlopen(NULL, RTLD_NOW))
		printf("opened program\n");
	for (i = 0; i < nr; i++)
		open_one(files[i], RTLD_NOLOAD, 0);
	fflush(stdout);
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	int i;

	if (argc > 2 && (!strcmp(how, "threads") || !strcmp(how, "forks"))) {
		open_by_threads(argv + 2, argc - 2, !strcmp(how, "forks"));
		return 0;
	}
	if (!strcmp(how, "sandboxed"))
		open_sandboxed(argv + 2, argc - 2);
	for (i = 2; i < argc; i++)
		open_one(argv[i], strcmp(how, "nodelete") ? 0 : RTLD_NODELETE,
			 !strcmp(how, "close"));
	return 0;
}
