#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What README says was typed in the initial file system, and the machine has booted.
# shellcheck source=/dev/null
. ./lib.sh

recovered() {
	no test -s /etc/ld.so.preload
	test -e /usr/local/lib/libmseal-auto.so
	service_active
	mseal status
}

check 'the machine is as before' recovered
echo end
