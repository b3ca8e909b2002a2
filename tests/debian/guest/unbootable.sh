#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A library that ends every program is put where every program loads it, init among
# them. Nothing can be executed afterwards, so the end is the kernel's.
# shellcheck source=/dev/null
. ./lib.sh

bad() {
	printf '%s\n' '#include <unistd.h>' '__attribute__((constructor)) static void bad(void)' \
		'{ _exit(126); }' >/run/bad.c
	cc -shared -fPIC -o /usr/local/lib/libmseal-auto.so /run/bad.c
}

check 'a library is built that ends every program' bad
printf '/usr/local/lib/libmseal-auto.so\n' >/etc/ld.so.preload
/bin/true
printf 'pass status of /bin/true: %d\nend\n' $?
printf s >/proc/sysrq-trigger
while read -r -t 3 _ <&7; do :; done
printf o >/proc/sysrq-trigger
