#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mseal.h compiles alone, and before and after a C library that declares mseal().
# Usage: header.sh LIBRARY_DIR SCRATCH_DIR
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
library=$1
scratch=$2
read -ra cc <<<"${CC:-cc}"
read -ra cxx <<<"${CXX:-c++}"
count=0

compile() { # INCLUDE_DIR ARGS...
	local include=$1
	shift
	"$@" -pedantic -Wall -Wextra -Wshadow -Wundef -Werror -I"$include" -I"$here" \
		-c -o "$scratch/header.o" >"$scratch/header.log" 2>&1
}

must_compile() {
	if ! compile "$here/../../lib" "$@"; then
		cat "$scratch/header.log"
		echo "header: FAILED to compile: $*"
		exit 1
	fi
	count=$((count + 1))
}

mkdir -p "$scratch/broken"
for place in ALONE LIBC_BEFORE LIBC_AFTER; do
	for standard in c99 c11 gnu17; do
		must_compile "${cc[@]}" -x c -std=$standard -D$place "$here/header.c"
	done
	for standard in c++98 c++11 c++17 c++20; do
		must_compile "${cxx[@]}" -x c++ -std=$standard -D$place "$here/header.c"
	done
	# Without hosted headers there is no __THROW, as in other C libraries.
	must_compile "${cxx[@]}" -x c++ -std=c++17 -ffreestanding -DLIBC_MAY_THROW -D$place \
		"$here/header.c"
done

# Proof that the above can fail: without the exception specification it does.
sed 's/^#define MSEAL_THROW __THROW$/#define MSEAL_THROW/' "$here/../../lib/mseal.h" \
	>"$scratch/broken/mseal.h"
cp "$here/../../lib/mseal_rfc1.h" "$scratch/broken/"
for place in LIBC_BEFORE LIBC_AFTER; do
	if compile "$scratch/broken" "${cxx[@]}" -x c++ -std=c++17 -D$place "$here/header.c"; then
		echo "header: FAILED, a header without exception specification compiled ($place)"
		exit 1
	fi
	grep -q 'exception spec' "$scratch/header.log"
	count=$((count + 1))
done

for kind in so a; do
	"${cxx[@]}" -x c++ -std=c++17 -I"$here/../../lib" "$here/header.c" -x none \
		"$library/libmseal.$kind" -Wl,-rpath,"$library" -o "$scratch/header-$kind"
	"$scratch/header-$kind"
	count=$((count + 1))
done
echo "header: $count checks passed"
