#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A kernel that seals by itself: no module, and everything works.
# shellcheck source=/dev/null
. ./lib.sh

active_without_module() {
	is "$(property ActiveState)" active
	is "$(property Result)" success
	no test -e /sys/module/mseal
	no test -e /dev/mseal
}

seals() {
	# shellcheck disable=SC2046 # words by definition
	cc -o /step/app app.c $(pkg-config --cflags --libs libmseal)
	as_user /step/app
}

# From the source, beside the package: another version of the same module.
source_installs() {
	sed -i 's/^PACKAGE_VERSION=.*/PACKAGE_VERSION="99"/' source/dkms.conf
	make -C source dkms-install
	is "$(dkms status mseal/99)" 'mseal/99: added'
	hooks_end_well "$(uname -r)"
	make -C source dkms-uninstall
	is "$(dkms status mseal/99)" ''
	no test -e /usr/src/mseal-99
}

check 'the service is active without the module' active_without_module
check 'a unit that requires it starts' requirer
check 'libmseal seals as an ordinary user' seals
check 'make dkms-install ends 0, and so do the hooks after it' source_installs
echo end
