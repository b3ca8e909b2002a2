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

check 'the service is active without the module' active_without_module
check 'a unit that requires it starts' requirer
check 'libmseal seals as an ordinary user' seals
echo end
