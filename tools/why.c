// SPDX-License-Identifier: GPL-2.0
/* Why sealing doesn't work here, in one line that says what helps. */
#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "info.h"
#include "tool.h"

#define READ_ALL	3	/* of syslog(2) */
#define BUFFER_SIZE	10

static bool line_has(const char *path, const char *text)
{
	char *line = info_line(path);
	bool found = line && strstr(line, text);

	free(line);
	return found;
}

/*
 * What the module said when it refused to load, unless it has been loaded since; NULL
 * if that isn't known.
 */
static char *last_words(void)
{
	static const char key[] = "mseal: not loading: ";
	static const char better[] = "mseal: version ";
	int size = klogctl(BUFFER_SIZE, NULL, 0);
	char *log, *at, *found = NULL;
	int len;

	if (size <= 0)
		return NULL;
	log = malloc(size + 1);
	if (!log)
		return NULL;
	len = klogctl(READ_ALL, log, size);
	log[len < 0 ? 0 : len] = '\0';
	for (at = log; (at = strstr(at, key)); at = found)
		found = at + sizeof(key) - 1;
	if (found && strstr(found, better))
		found = NULL;
	if (found)
		found = strndup(found, strcspn(found, "\n"));
	free(log);
	return found;
}

__attribute__((format(printf, 1, 2)))
static char *text(const char *format, ...)
{
	va_list args;
	char *result;

	va_start(args, format);
	if (vasprintf(&result, format, args) < 0)
		tool_fail(TOOL_FAILED, "no memory");
	va_end(args);
	return result;
}

/* Of what DKMS builds from, even if it has forgotten that. NULL if there is none. */
static char *source_version(void)
{
	static const char prefix[] = "/usr/src/mseal-";
	char *version;
	glob_t found;

	if (glob("/usr/src/mseal-[0-9]*", 0, NULL, &found))
		return NULL;
	version = text("%s", found.gl_pathv[found.gl_pathc - 1] + strlen(prefix));
	globfree(&found);
	return version;
}

/* What DKMS has written when it could not build the module for a kernel, or NULL. */
static char *failed_build(const char *release)
{
	char *kernel = text("for kernel %s ", release), *log = NULL;
	glob_t found;
	size_t i;

	if (!glob("/var/lib/dkms/mseal/*/build/make.log", 0, NULL, &found)) {
		for (i = 0; !log && i < found.gl_pathc; i++)
			if (line_has(found.gl_pathv[i], kernel))
				log = text("%s", found.gl_pathv[i]);
		globfree(&found);
	}
	free(kernel);
	return log;
}

static bool headers_installed(const char *release)
{
	char *headers = text("/lib/modules/%s/build/include", release);
	bool there = !access(headers, F_OK);

	free(headers);
	return there;
}

static char *not_installed(const char *release)
{
	char *version = source_version(), *log = failed_build(release), *result;

	if (!version)
		result = text("no module for kernel %s, nor its source in /usr/src: mseal-dkms is not installed",
			      release);
	else if (!headers_installed(release))
		result = text("no module for kernel %s: its headers are not installed; run: apt install linux-headers-%s",
			      release, release);
	else if (log)
		result = text("no module for kernel %s: DKMS could not build it, see %s",
			      release, log);
	else
		result = text("no module for kernel %s, though its headers are installed; run: dkms install mseal/%s -k %s, which says why",
			      release, version, release);
	free(version);
	free(log);
	return result;
}

static bool wants_signatures(void)
{
	return line_has("/sys/module/module/parameters/sig_enforce", "Y") ||
	       line_has("/sys/kernel/security/lockdown", "[integrity]") ||
	       line_has("/sys/kernel/security/lockdown", "[confidentiality]");
}

#define DKMS_KEY	"/var/lib/dkms/mok.pub"

static char *not_signed(void)
{
	return text("the module is not loaded; the kernel takes only modules signed by a key it trusts (Secure Boot, lockdown or module.sig_enforce): %s",
		    access(DKMS_KEY, F_OK) ?
		    "DKMS has none, install openssl and build the module again" :
		    "mokutil --import " DKMS_KEY);
}

static char *not_loaded(const struct info *info)
{
	char *words;

	if (!info->installed_version)
		return not_installed(info->kernel.release);
	words = last_words();

	if (words) {
		char *all = text("the module refused to load: %s", words);

		free(words);
		return all;
	}
	if (line_has("/proc/cmdline", "mseal.disable"))
		return text("the module is not loaded: mseal.disable is on the kernel's command line");
	if (line_has("/proc/sys/kernel/modules_disabled", "1"))
		return text("the module is not loaded, and no module can be: kernel.modules_disabled=1");
	if (wants_signatures())
		return not_signed();
	return text("the module is installed but not loaded; run: modprobe mseal");
}

/* The causes are those that mseal_backend() lists. */
static char *not_working(const struct info *info)
{
	switch (info->cause) {
	case ENOENT:
		return text("the module is loaded, but there is no %s here", MSEAL_DEVICE);
	case ENOTTY:
		return text("%s is not the module's device", MSEAL_DEVICE);
	case ENODEV:
		return text("the module's hooks no longer work, as the kernel's log says; reboot");
	case ENOSYS:
		if (info->told &&
		    !(info->device.state & MSEAL_STATE_NEW_SEALS))
			return text("new seals are stopped: " INFO_MODULE "/parameters/new_seals is N");
		return text("a filter of system calls is in the way");
	case EACCES:
	case EPERM:
		return text("not permitted to use %s, or a filter of system calls is in the way",
			    MSEAL_DEVICE);
	case EOPNOTSUPP:
		return text("the module is too old to seal as mseal() does");
	default:
		return text("%s: %s", MSEAL_DEVICE, strerror(info->cause));
	}
}

/* What refuses here would refuse with the module as well. */
static bool is_refused(const struct info *info)
{
	return info->cause == ENOSYS || info->cause == EACCES || info->cause == EPERM;
}

char *info_why(const struct info *info)
{
	return info->loaded || is_refused(info) ? not_working(info) : not_loaded(info);
}
