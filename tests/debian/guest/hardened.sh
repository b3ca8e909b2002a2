#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host that, by a setting of sysctl, takes no more modules once it has booted.
# shellcheck source=/dev/null
. ./lib.sh

no_more_modules() {
	is "$(</proc/sys/kernel/modules_disabled)" 1
	no modprobe zram
}

sealing_works() {
	service_active
	mseal check
}

no_cycle() {
	no grep -i 'ordering cycle' <(journalctl -b)
}

check 'no module can be loaded any more' no_more_modules
check 'the module was loaded before, and seals' sealing_works
check 'systemd found an order for its units' no_cycle
echo end
