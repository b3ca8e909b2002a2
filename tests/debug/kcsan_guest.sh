#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# usage: kcsan_guest.sh COMMAND [ARG...]
# In a guest with the kernel debug-kcsan: runs a command, then says what was watched.
mount -t debugfs none /sys/kernel/debug 2>/dev/null
echo on >/sys/kernel/debug/kcsan || exit 1
"$@"
status=$?
grep -E '^(enabled|setup_watchpoints|data_races|no_capacity):' /sys/kernel/debug/kcsan |
	sed 's/^/watched: /'
exit "$status"
