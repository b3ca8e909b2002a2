// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's first process: sets the machine up, loads modules, runs one
 * program and reports its fate on a channel of its own.
 *
 * /vm holds the orders: "channels" (terminals for output, error and result),
 * "modules" (a path and its parameters a line), "argv" and "env" (NUL
 * terminated strings). The result is one line: "exit STATUS",
 * "signal STATUS NAME", or "fail REASON" if the program never ran.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define MAX_STRINGS	512

enum channel { OUTPUT, ERROR, RESULT, CHANNELS };

static int channel[CHANNELS] = { -1, -1, -1 };

struct mount_point {
	const char *type;
	const char *path;
	const char *options;
	bool optional;
};

static const struct mount_point mounts[] = {
	{ "proc", "/proc", NULL, false },
	{ "sysfs", "/sys", NULL, false },
	{ "devtmpfs", "/dev", NULL, false },
	{ "devpts", "/dev/pts", "gid=5,mode=620,ptmxmode=666", false },
	{ "tmpfs", "/dev/shm", "mode=1777", false },
	{ "tmpfs", "/tmp", "mode=1777", false },
	{ "tmpfs", "/run", "mode=755", false },
	{ "securityfs", "/sys/kernel/security", NULL, false },
	/* The cloud and PREEMPT_RT flavours may lack one of these. */
	{ "debugfs", "/sys/kernel/debug", NULL, true },
	{ "tracefs", "/sys/kernel/tracing", NULL, true },
	{ "cgroup2", "/sys/fs/cgroup", NULL, true },
};

static const char *const dev_links[][2] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
};

static void result(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void fail(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

static void write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= n;
	}
}

static void vresult(const char *prefix, const char *format, va_list ap)
{
	char line[1024];
	int len = snprintf(line, sizeof(line) - 1, "%s", prefix);

	len += vsnprintf(line + len, sizeof(line) - 1 - len, format, ap);
	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	line[len++] = '\n';
	write_all(channel[RESULT], line, len);
}

static void result(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vresult("", format, ap);
	va_end(ap);
}

/* Everything queued must have left the machine before it is switched off. */
static void power_off(void)
{
	for (int i = 0; i < CHANNELS; i++)
		tcdrain(channel[i]);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vresult("fail ", format, ap);
	va_end(ap);
	power_off();
	abort();
}

/* The content of a file of /vm, zero-terminated; NULL if there is none. */
static char *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	size_t size = 1 << 20;
	char *text;

	if (!f)
		return NULL;
	text = malloc(size);
	if (!text)
		fail("no memory for %s", path);
	*len = fread(text, 1, size - 1, f);
	text[*len] = '\0';
	fclose(f);
	return text;
}

static void split_strings(char *text, size_t len, char *strings[MAX_STRINGS])
{
	size_t n = 0;

	for (char *p = text; p < text + len; p += strlen(p) + 1) {
		if (n == MAX_STRINGS - 1)
			fail("more than %d arguments", MAX_STRINGS - 1);
		strings[n++] = p;
	}
	strings[n] = NULL;
}

static void mount_one(const struct mount_point *m)
{
	mkdir(m->path, 0755);
	if (mount(m->type, m->path, m->type, 0, m->options) && !m->optional &&
	    errno != EBUSY)
		fail("mount %s: %s", m->path, strerror(errno));
}

/*
 * Output goes to serial lines that carry bytes as they are: a program's own
 * carriage returns survive and none are added.
 */
static void open_channels(void)
{
	size_t len;
	char *names = slurp("/vm/channels", &len);
	char *name = names ? strtok(names, " \n") : NULL;

	for (int i = 0; i < CHANNELS; i++, name = strtok(NULL, " \n")) {
		struct termios t;
		char path[64];

		if (!name)
			abort();
		snprintf(path, sizeof(path), "/dev/%s", name);
		channel[i] = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
		if (channel[i] < 0 || tcgetattr(channel[i], &t)) {
			dprintf(STDERR_FILENO, "init: %s: %s\n", path, strerror(errno));
			abort();
		}
		cfmakeraw(&t);
		cfsetspeed(&t, B115200);
		t.c_cflag |= CLOCAL;
		tcsetattr(channel[i], TCSANOW, &t);
	}
	free(names);
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request))
		fail("loopback: %s", strerror(errno));
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		fail("loopback: %s", strerror(errno));
	close(fd);
}

/*
 * Hand on what the kernel said since @kmsg was opened; the last line stays in
 * @last as the reason.
 */
static void relay_kmsg(int kmsg, char *last, size_t size)
{
	char record[8192];
	ssize_t n;

	for (;;) {
		char *text, *end;

		n = read(kmsg, record, sizeof(record) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		end = strchrnul(++text, '\n');
		*end = '\0';
		snprintf(last, size, "%s", text);
		dprintf(channel[ERROR], "kernel: %s\n", text);
	}
}

static void load_module(const char *path, const char *params)
{
	const char *name = strrchr(path, '/') + 1;
	char reason[512] = "the kernel gave no reason";
	int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error;

	if (kmsg < 0 || fd < 0)
		fail("module not loaded: %s: %s", name, strerror(errno));
	lseek(kmsg, 0, SEEK_END);
	if (syscall(SYS_finit_module, fd, params, 0) && errno != EEXIST) {
		error = errno;
		relay_kmsg(kmsg, reason, sizeof(reason));
		fail("module not loaded: %s: %s: %s", name, strerror(error), reason);
	}
	close(fd);
	close(kmsg);
}

static void load_modules(void)
{
	size_t len;
	char *list = slurp("/vm/modules", &len);
	char *line, *next = list;

	while ((line = strsep(&next, "\n"))) {
		char *params = line;

		strsep(&params, " ");
		if (*line)
			load_module(line, params ? params : "");
	}
	free(list);
}

static void run_child(char *const argv[], char *const env[], int report)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	    dup2(channel[OUTPUT], STDOUT_FILENO) >= 0 &&
	    dup2(channel[ERROR], STDERR_FILENO) >= 0 && !chdir("/tmp"))
		execve(argv[0], argv, env);
	dprintf(report, "%s", strerror(errno));
	_exit(127);
}

static pid_t start_program(void)
{
	static char *argv[MAX_STRINGS], *env[MAX_STRINGS];
	size_t argv_len = 0, env_len = 0;
	char *argv_text = slurp("/vm/argv", &argv_len);
	char *env_text = slurp("/vm/env", &env_len);
	char error[128];
	int report[2];
	ssize_t n;
	pid_t pid;

	split_strings(argv_text, argv_len, argv);
	split_strings(env_text, env_len, env);
	if (!argv[0] || pipe2(report, O_CLOEXEC))
		fail("nothing to run");
	pid = fork();
	if (pid == 0)
		run_child(argv, env, report[1]);
	close(report[1]);
	n = pid < 0 ? 0 : read(report[0], error, sizeof(error) - 1);
	if (pid < 0 || n > 0) {
		error[n] = '\0';
		fail("cannot run %s: %s", argv[0], error);
	}
	close(report[0]);
	return pid;
}

static int wait_for(pid_t pid)
{
	int status;

	for (;;) {
		pid_t dead = wait(&status);

		if (dead == pid)
			return status;
		if (dead < 0 && errno != EINTR)
			fail("the program was lost: %s", strerror(errno));
	}
}

/* Shell and tools for programs that are scripts. */
static void install_busybox(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/busybox", "busybox", "--install", "-s", "/bin", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait_for(pid))
		fail("busybox can't install its links");
}

static void end_wait(int signal)
{
	(void)signal;
}

/*
 * What the program left running dies here, so that its end, too, is seen by
 * the kernel under test. A process that can't die is given up after a while.
 */
static void kill_the_rest(void)
{
	struct sigaction wake = { .sa_handler = end_wait };

	sigaction(SIGALRM, &wake, NULL);
	alarm(5);
	kill(-1, SIGKILL);
	while (wait(NULL) >= 0)
		;
	alarm(0);
}

int main(void)
{
	int status;

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mount_one(&mounts[i]);
		if (!strcmp(mounts[i].path, "/dev"))
			open_channels();
	}
	for (size_t i = 0; i < sizeof(dev_links) / sizeof(dev_links[0]); i++)
		symlink(dev_links[i][0], dev_links[i][1]);
	chmod("/", 0755);
	sethostname("vm", 2);
	loopback_up();
	install_busybox();
	load_modules();
	status = wait_for(start_program());
	kill_the_rest();
	if (WIFSIGNALED(status))
		result("signal %d %s", 128 + WTERMSIG(status),
		       sigabbrev_np(WTERMSIG(status)));
	else
		result("exit %d", WEXITSTATUS(status));
	power_off();
}
