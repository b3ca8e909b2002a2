# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016
# The guest is the machine that was asked for.

case_guest_is_set_up() {
	vm -n -- sh -c '
		set -e
		for dir in /proc /sys /dev /dev/pts /dev/shm /tmp /run /sys/kernel/tracing \
			/sys/kernel/security /sys/kernel/debug; do
			grep -q " $dir " /proc/mounts || { echo "$dir is not mounted"; exit 1; }
		done
		ping -c 1 -W 5 127.0.0.1 >/dev/null
		[ -w /tmp ] && [ -c /dev/ptmx ] && [ -e /dev/fd/1 ]
		grep -q "^nobody:x:65534:65534:" /etc/passwd
		grep -q "^root:x:0:0:" /etc/passwd
		echo good'
	ended 0 'exit 0'
	said good
}

case_processors() {
	vm -n -c 1 -- nproc
	said 1
	vm -n -- nproc
	said 2
}

# As fast as the host's, whatever else the host does meanwhile.
case_clock() {
	[[ $KERNEL_ARCH == amd64 && $(uname -m) == x86_64 ]] || return 0
	# The processor's, and the counter's own if that differs.
	vm -n -- sh -c 'dmesg | sed -n "s/.*tsc: Detected \([0-9]*\)\.\([0-9]*\) MHz.*/\1\2/p" | tail -n 1'
	local here there
	here=$("${BUILD:-$VM/../../build}/vm/tsc")
	there=$(cat "$T/out")
	((there > here - here / 1000 && there < here + here / 1000)) ||
		fail "$there kHz, not $here"
}

# Two runs of the same program read the same clock, and see the same addresses.
case_counted_instructions() {
	vm -n -i -- sh -c 'nproc; cat /proc/sys/kernel/randomize_va_space; cat /proc/self/maps'
	ended 0 'exit 0'
	cp "$T/out" "$T/first"
	[[ $(head -n 2 "$T/out") == $'1\n0' ]] || fail "$(head -n 2 "$T/out")"
	vm -n -i -- sh -c 'nproc; cat /proc/sys/kernel/randomize_va_space; cat /proc/self/maps'
	cmp "$T/first" "$T/out" || fail 'not deterministic'
}

case_memory_and_command_line() {
	MSEAL_VM_MEM=512M MSEAL_VM_APPEND='selftest.word other' vm -n -- \
		sh -c 'cat /proc/cmdline; awk "/MemTotal/ { print (\$2 < 524288) }" /proc/meminfo'
	ended 0 'exit 0'
	[[ $(head -n 1 "$T/out") == *' selftest.word other' ]] || fail "$(head -n 1 "$T/out")"
	[[ $(tail -n 1 "$T/out") == 1 ]] || fail 'more memory than asked for'
}

# The row is booted as packed by firmware's path, too.
case_packed_kernel() {
	MSEAL_VM_KASLR=1 vm -n -- true
	ended 0 'exit 0'
}

case_modules_of_the_kernel() {
	vm -n -m 'zram num_devices=2' -- sh -c 'cd /dev; echo zram*; grep -c zsmalloc /proc/modules'
	ended 0 'exit 0'
	said $'zram0 zram1\n1'
}

compiler() {
	[[ $KERNEL_ARCH == arm64 ]] && printf aarch64-linux-gnu-
	printf gcc
}

case_dynamic_program() {
	local cc
	cc=$(compiler)
	cat >"$T/p.c" <<-'END'
		#include <pthread.h>
		#include <stdio.h>
		int answer(void);
		static void *work(void *p) { pthread_exit(p); }
		int main(int argc, char **argv)
		{
			pthread_t t;
			pthread_create(&t, NULL, work, NULL);
			pthread_join(t, NULL);
			printf("%s %d\n", argv[argc - 1], answer());
			return 7;
		}
	END
	echo 'int answer(void) { return 42; }' >"$T/a.c"
	mkdir "$T/beside" "$T/build" "$T/build/lib"
	"$cc" -shared -fPIC -Wl,-soname,libanswer.so.1 -o "$T/beside/libanswer.so.1" "$T/a.c"
	"$cc" -o "$T/p" "$T/p.c" "$T/beside/libanswer.so.1" '-Wl,-rpath,$ORIGIN/beside'
	vm -n -- "$T/p" word
	ended 7 'exit 7'
	said 'word 42'
	"$cc" -o "$T/q" "$T/p.c" "$T/beside/libanswer.so.1"
	mv "$T/beside/libanswer.so.1" "$T/build/lib/"
	BUILD=$T/build vm -n -- "$T/q" again
	ended 7 'exit 7'
	said 'again 42'
}

# Needs the host's 32-bit C library; where it is absent the case fails and says
# so: silence would hide that it never ran.
i386_program() {
	printf '#include <stdio.h>\nint main(void) { printf("%%zu\\n", sizeof(void *)); }\n' >"$T/p.c"
	gcc -m32 -o "$T/p" "$T/p.c" || fail 'no compiler for i386: install libc6-dev-i386 lib32gcc-12-dev'
	vm -n -f "$T/p:bin/other" -- sh -c /bin/other
	ended 0 'exit 0'
	said 4
}

if [[ $KERNEL_ARCH == amd64 ]]; then
	case_dynamic_i386_program() {
		i386_program
	}
fi
