#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Installed files serve a program through pkg-config, and all go away again.
# Usage: install.sh BUILD_DIR SCRATCH_DIR
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$1
scratch=$2
stage=$scratch/stage
library=$here/../../lib
read -ra cc <<<"${CC:-cc}"

fail() {
	echo "install: FAILED, $*"
	exit 1
}

files() {
	(cd "$1" && find . ! -type d | sort | xargs)
}

rm -rf "$stage"
make -s -C "$library" install BUILD="$build" prefix="$stage/usr"
export PKG_CONFIG_PATH=$stage/usr/lib/pkgconfig
# shellcheck disable=SC2046 # a list of words
"${cc[@]}" "$here/header.c" $(pkg-config --cflags --libs libmseal) -o "$scratch/installed"
LD_LIBRARY_PATH=$stage/usr/lib "$scratch/installed"
# shellcheck disable=SC2046
"${cc[@]}" -static "$here/header.c" $(pkg-config --cflags --libs --static libmseal) \
	-o "$scratch/installed-static"
"$scratch/installed-static"
# shellcheck disable=SC2046
echo '#include <linux/mseal_dev.h>' |
	"${cc[@]}" -Werror -fsyntax-only $(pkg-config --cflags libmseal) -x c - || fail "no header of the device"
for page in mimmutable mseal mseal_types mseal_query mseal_backend mseal_open mseal_use_fd mseal_version; do
	[ -s "$stage/usr/share/man/man3/$page.3" ] || fail "no page $page(3)"
done
[ -s "$stage/usr/share/man/man4/mseal.4" ] || fail "no page mseal(4)"
[ ! -e "$stage/usr/share/man/man2" ] || fail "section 2 is not ours"
make -s -C "$library" uninstall BUILD="$build" prefix="$stage/usr"
[ -z "$(files "$stage")" ] || fail "left after uninstall: $(files "$stage")"

where=(DESTDIR="$stage" prefix=/opt/m libdir=/opt/m/lib64 includedir=/opt/m/inc mandir=/opt/m/man)
make -s -C "$library" install BUILD="$build" "${where[@]}"
for file in lib64/libmseal.so.1 lib64/libmseal.so lib64/libmseal.a inc/mseal.h inc/mseal_rfc1.h \
	man/man3/mseal.3 lib64/pkgconfig/libmseal.pc; do
	[ -s "$stage/opt/m/$file" ] || fail "no $file"
done
! grep -q "$stage" "$stage/opt/m/lib64/pkgconfig/libmseal.pc" || fail "DESTDIR in libmseal.pc"
make -s -C "$library" uninstall BUILD="$build" "${where[@]}"
[ -z "$(files "$stage")" ] || fail "left after uninstall: $(files "$stage")"
echo "install: passed"
