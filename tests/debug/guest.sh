#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# usage: guest.sh COMMAND [ARG...]
# In a guest with the debug kernel: runs a command, then prints what the lines of
# the module have counted, for the host to unpack.
"$@"
status=$?

out=/tmp/gcda
mkdir "$out"
# These files have no size, so they are copied before they are packed.
find /sys/kernel/debug/gcov -name '*.gcda' | while read -r file; do
	cat "$file" >"$out/${file##*/}"
done
echo 'gcda begins'
tar -czf - -C "$out" . | base64
echo 'gcda ends'
exit "$status"
