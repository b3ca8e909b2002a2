#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A kernel whose headers are missing, then they arrive; then everything is purged.
# shellcheck source=/dev/null
. ./lib.sh

release=$(uname -r)
native=$(cd /lib/modules && printf %s 6.12.*)

names_headers() {
	local mend="apt install linux-headers-$release && systemctl start mseal"
	is "$(property ActiveState)" failed
	is "$(message)" "no module for kernel $release: its headers are not installed; run: $mend"
}

# As with a kernel that the module has not been made for.
build_fails() {
	sed -i "2i \$(error broken)" /usr/src/mseal-*/Kbuild
	no apt_get install "linux-headers-$release"
	fails_saying 'DKMS could not build it, see /var/lib/dkms/mseal/'
	grep broken "$(message | sed 's/.* see //')"
	sed -i 2d /usr/src/mseal-*/Kbuild
}

headers_arrive() {
	apt_get -f install
	is "$(dpkg-query -W -f '${db:Status-Abbrev}' "linux-headers-$release")" 'ii '
	dkms status mseal -k "$release" | grep ': installed'
	systemctl start mseal.service
	service_active
}

seals() {
	# shellcheck disable=SC2046 # words by definition
	cc -o /step/app app.c $(pkg-config --cflags --libs libmseal)
	as_user /step/app
	hold
}

purge() {
	apt_get purge mseal-dkms libmseal-dev libmseal1 mseal mseal-tests
	grep 'in use, so the module stays loaded and the seals hold' /run/apt.log
	loaded
	# The library is gone, but the seal is the kernel's.
	holds
}

gone() {
	let_go
	unload
	no modprobe -n mseal
	no test -e /dev/mseal
	is "$(systemctl show --value -p LoadState mseal.service)" not-found
	is "$(dkms status)" ''
}

# dpkg notes paths as they are in the packages, not where links lead.
packaged() {
	sed -E 's,^/(lib|lib64|bin|sbin)/,/usr/\1/,' /var/lib/dpkg/info/*.list | sort -u
}

# Files of no package: the other kernel's, which its scripts made, and debconf's.
leftovers() {
	files | comm -13 /root/before - | comm -23 - <(packaged) |
		{ grep -vE '^/var/(lib/dpkg|cache/debconf)/|^/boot/initrd\.img-|/modules/[^/]*/modules\.' || true; } |
		tee /run/leftovers
	no test -s /run/leftovers
	find / -xdev -path /root -prune -o -name '*mseal*' -print >/run/leftovers
	grep -rls mseal /etc /lib/modules/*/modules.* >>/run/leftovers || true
	cat /run/leftovers
	no test -s /run/leftovers
	no grep -s mseal /proc/modules
}

# From the source: the same module without a package, and gone again.
source_installs() {
	make -C source dkms-install
	dkms status mseal -k "$release" | grep ': installed'
	modprobe mseal
	loaded
	unload
	hooks_end_well "$native"
	not_built "$native"
}

# A second time, as after a change of the source.
source_again() {
	make -C source dkms-install
	is "$(dkms status mseal -k "$release" | grep -c ': installed')" 1
}

source_goes() {
	make -C source dkms-uninstall
	no modprobe -n mseal
	is "$(dkms status)" ''
	leftovers
}

check 'the service fails and names the missing headers, in one line' names_headers
check 'a unit that requires it does not start' no requirer
check 'the headers arrive, the build fails: the service names the log' build_fails
check 'the headers arrive: DKMS builds, the service starts' headers_arrive
check 'a process holds a seal' seals
check 'purge with a seal held: says so, the seal holds' purge
check 'without the seal the module goes: no module, no unit, nothing in DKMS' gone
check 'purge leaves no file' leftovers
check 'make dkms-install builds, the module loads, hooks end 0 for 6.12' source_installs
check 'make dkms-install again ends 0, and builds anew' source_again
check 'make dkms-uninstall leaves nothing' source_goes
echo end
