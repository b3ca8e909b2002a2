#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The definitions in debian/tests, as a package's tests are run on its behalf.
# shellcheck source=/dev/null
. ./lib.sh

apt_get remove mseal mseal-tests libmseal-dev >/dev/null
autopkgtest -B --ignore-restrictions=isolation-machine --output-dir=/run/autopkgtest \
	/step/package/ -- null >/dev/ttyS2 2>&1 || true

passed() {
	cat /run/autopkgtest/summary
	grep -E "^$1 +PASS" /run/autopkgtest/summary
}

nothing_else() {
	is "$(wc -l </run/autopkgtest/summary)" 3
}

for name in build module suite; do
	check "autopkgtest: $name" passed "$name"
done
check 'and no other line' nothing_else
echo end
