#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the built libraries show and need.
# Usage: abi.sh LIBRARY_DIR SCRATCH_DIR
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
library=$1
scratch=$2
source=$here/../../lib
count=0

passed() {
	count=$((count + 1))
}

fail() {
	echo "abi: FAILED, $*"
	exit 1
}

same() { # WHAT EXPECTED GOT
	[ "$2" = "$3" ] || fail "$1: expected [$2], got [$3]"
	passed
}

declared=$(grep -oE '\b(mseal(_[a-z_]+)?|mimmutable)\(.*MSEAL_THROW;' "$source/mseal.h" |
	sed 's/(.*//' | sort | xargs)
mapped=$(sed -n 's/^\t\t\(m[a-z_]*\);$/\1/p' "$source/libmseal.map" | sort | xargs)
exported=$(nm -D --defined-only "$library/libmseal.so" |
	awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | sort | xargs)
same "functions of the header are in the map" "$declared" "$mapped"
same "functions of the map are exported" "$mapped" "$exported"
same "nothing else is exported" "" \
	"$(nm -D --defined-only "$library/libmseal.so" | awk '$2 !~ /[TA]/' | xargs)"

# No allocator, no lock, no stdio: what mseal() calls is what signal handlers may.
imported=$(nm -D --undefined-only "$library/libmseal.so" |
	awk '$1 == "U" { sub(/@.*/, "", $2); sub(/64$/, "", $2); print $2 }' | sort | xargs)
same "needed of the C library" "__errno_location fcntl fstat ioctl syscall sysconf uname" "$imported"

same "names in the static library that don't begin with mseal" mimmutable \
	"$(nm -g --defined-only "$library/libmseal.a" | awk 'NF == 3 && $3 !~ /^mseal/ { print $3 }')"

dynamic=$(readelf -dW "$library/libmseal.so")
grep -q 'SONAME.*\[libmseal\.so\.1\]' <<<"$dynamic" || fail "soname"
passed
grep -q 'BIND_NOW' <<<"$dynamic" || fail "symbols are bound lazily"
passed
! grep -q 'TEXTREL' <<<"$dynamic" || fail "text relocations"
passed
grep -q 'FLAGS_1.*NODELETE' <<<"$dynamic" || fail "can be unloaded, and leaves its descriptor"
passed
segments=$(readelf -lW "$library/libmseal.so")
grep -q 'GNU_RELRO' <<<"$segments" || fail "no RELRO"
passed
grep -qE 'GNU_STACK.* RW ' <<<"$segments" || fail "executable stack"
passed

# The build must stop at a version whose ABI the map doesn't have.
for version in 1.1.0 2.0.0; do
	if make -s -n -C "$source" VERSION=$version BUILD="$scratch" \
		>"$scratch/abi.log" 2>&1; then
		fail "version $version built with the wrong map"
	fi
	grep -q "libmseal.map ends with" "$scratch/abi.log" || fail "no word about the map"
	passed
done
for version in 0.1.0 0.9.3 1.0.0 1.0.7; do
	make -s -n -C "$source" VERSION=$version BUILD="$scratch" >"$scratch/abi.log" 2>&1 ||
		fail "version $version refused"
	passed
done
echo "abi: $count checks passed"
