#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the built library shows and needs, and where it is installed.
# Usage: abi.sh BUILD_DIR LIBRARY...
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$1
stage=$build/tests/preload/stage
shift
count=0

fail() {
	echo "preload: FAILED, $*"
	exit 1
}

same() { # WHAT EXPECTED GOT
	[ "$2" = "$3" ] || fail "$1: expected [$2], got [$3]"
	count=$((count + 1))
}

# The names keep their versions: these two must have none.
names() {
	nm -D "$1" | awk -v kind="$2" '$(NF - 1) == kind { print $NF }' | sort | xargs
}

for library in "$@"; do
	same "exported by $library" "mseal syscall" "$(names "$library" T)"
	same "anything else shown" "" \
		"$(nm -D --defined-only "$library" | awk '$2 != "T"' | xargs)"
	# No allocator, no lock, no thread-local storage, nothing of the loader's.
	same "needed of the C library" "__errno_location fcntl fstat ioctl sysconf uname" \
		"$(names "$library" U | tr ' ' '\n' | sed 's/@.*//; s/64$//' | sort | xargs)"
	same "weak, but for what the compiler adds" mseal_types \
		"$(names "$library" w | tr ' ' '\n' | grep -v ^_)"
	dynamic=$(readelf -dW "$library")
	same "libraries needed" libc.so.6 \
		"$(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$dynamic" | xargs)"
	same "symbols bound at once" 1 "$(grep -c BIND_NOW <<<"$dynamic")"
	same "text relocations" 0 "$(grep -c TEXTREL <<<"$dynamic" || true)"
	segments=$(readelf -lW "$library")
	same "RELRO" 1 "$(grep -c GNU_RELRO <<<"$segments")"
	same "stack not executable" 1 "$(grep -cE 'GNU_STACK.* RW ' <<<"$segments")"
	same "thread-local storage" 0 "$(grep -c ' TLS ' <<<"$segments" || true)"
done

rm -rf "$stage"
make -s -C "$here/../../preload" install BUILD="$build" DESTDIR="$stage" prefix=/usr \
	libdir=/usr/lib64
same "installed" \
	"./usr/lib64/libmseal-preload.so ./usr/share/man/man7/libmseal-preload.7" \
	"$(cd "$stage" && find . -type f | sort | xargs)"
make -s -C "$here/../../preload" uninstall BUILD="$build" DESTDIR="$stage" prefix=/usr \
	libdir=/usr/lib64
same "left after uninstall" "" "$(find "$stage" -type f -printf '%p ')"
echo "$count passed, 0 failed"
