// SPDX-License-Identifier: GPL-2.0
/*
 * usage: opener open|nodelete|close|threads FILE...
 * Opens libraries, and says of each whether it could, and whether it stays after
 * it was closed.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define THREADS	4
#define ROUNDS	50

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

	for (i = 0; i < ROUNDS; i++) {
		void *handle = dlopen(file, RTLD_NOW);

		if (!handle)
			return "not opened";
		dlclose(handle);
	}
	return NULL;
}

static void open_by_threads(char *files[], int nr)
{
	pthread_t threads[THREADS];
	void *failure;
	int i;

	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, open_often, files[i % nr]);
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &failure);
		printf("%s\n", failure ? (char *)failure : "opened often");
	}
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[1] : "";
	int i;

	if (!strcmp(how, "threads")) {
		open_by_threads(argv + 2, argc - 2);
		return 0;
	}
	for (i = 2; i < argc; i++)
		open_one(argv[i], strcmp(how, "nodelete") ? 0 : RTLD_NODELETE,
			 !strcmp(how, "close"));
	return 0;
}
