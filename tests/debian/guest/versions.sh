#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The packages go up and down a version while a process has seals. NEXT, the version
# above, is in a file.
# shellcheck source=/dev/null
. ./lib.sh

this=$(dpkg-query -W -f '${Version}' mseal-dkms)
next=$(<next-version)
packages=(mseal-dkms libmseal1 libmseal-dev mseal)

hold_seal() {
	# shellcheck disable=SC2046 # words by definition
	cc -o /step/app app.c $(pkg-config --cflags --libs libmseal)
	hold
}

# What dpkg undoes is as it was.
upgrade_fails() {
	local tree=/run/failing
	dpkg-deb -R next/mseal-dkms_*.deb "$tree"
	printf '#!/bin/sh\nexit 1\n' >"$tree/DEBIAN/preinst"
	chmod 755 "$tree/DEBIAN/preinst"
	dpkg-deb -b "$tree" /run/failing.deb
	no dpkg -i /run/failing.deb
	is "$(dpkg-query -W -f '${Version} ${db:Status-Status}' mseal-dkms)" "$this installed"
	is "$(dkms status -m mseal -v "$this" -k "$(uname -r)" | grep -c ': installed')" 1
	still_holds
	wants_nothing
}

go_to() {
	apt_get install --allow-downgrades "${packages[@]/%/=$1}"
	dpkg --audit
	is "$(dpkg-query -W -f '${Version} ' "${packages[@]}")" "$1 $1 $1 $1 "
	dkms status -m mseal -k "$(uname -r)"
	is "$(dkms status -m mseal -v "$1" -k "$(uname -r)" | grep -c ': installed')" 1
}

up() {
	printf 'deb [trusted=yes] file:/step/next ./\n' >/etc/apt/sources.list.d/next.list
	apt-get update
	go_to "$next"
}

still_holds() {
	loaded
	is "$(</sys/module/mseal/version)" "$this"
	holds
	service_active
}

wants_reboot() {
	ends 3 mseal status
	grep "^module: *$this loaded, $next installed, ABI [0-9]*: reboot" /run/said
	mseal check
}

wants_nothing() {
	mseal status
	mseal check
}

# A program that was built before goes on.
programs_seal() {
	as_user /step/app
}

new_one_loads() {
	let_go
	unload
	modprobe mseal
	is "$(</sys/module/mseal/version)" "$1"
}

check 'a process holds a seal' hold_seal
check 'an upgrade that fails leaves all as it was, the module built' upgrade_fails
check "upgrade to $next ends 0" up
check 'the old module stays, the seal holds' still_holds
check 'mseal status: another version is installed, reboot; ends 3' wants_reboot
check 'old programs seal with the new library' programs_seal
check "downgrade to $this ends 0" go_to "$this"
check 'the module stays, the seal holds' still_holds
check 'mseal status has nothing to say; ends 0' wants_nothing
check "up again, without seals: rmmod, modprobe, $next" up
check 'the process ends, and the new module takes over' new_one_loads "$next"
echo end
