#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mseal.disable=1 on the kernel command line: nothing loads the module.
# shellcheck source=/dev/null
. ./lib.sh

skipped() {
	is "$(property ConditionResult)" no
	is "$(property ActiveState)" inactive
	no loaded
}

modprobe_refused() {
	no modprobe mseal
	dmesg | grep 'mseal: not loading: .*mseal.disable=1'
	no loaded
}

check 'the service is skipped, the module not loaded' skipped
check 'modprobe is refused, with the reason in the kernel log' modprobe_refused
check 'a unit that requires the service starts all the same' requirer
echo end
