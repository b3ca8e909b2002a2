#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# usage: kernel-sources.sh [PACKAGE FILE...]
# Prints a directory with the few files of the kernel's source that tests need and
# that are no part of this project. They come from Debian's source package. If
# nothing is asked for: the red-black tree beneath the set of sealed ranges, and
# the kernel's own style checks.
set -euo pipefail

PACKAGE=${1:-linux-source-6.1}
FILES=("${@:2}")
((${#FILES[@]})) || FILES=(
	lib/rbtree.c
	include/linux/{rbtree,rbtree_types,rbtree_augmented}.h
	scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch,kernel-doc}
)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/mseal
UNIT=$(cd "$(dirname "$0")" && pwd)

die() {
	printf 'kernel-sources: %s\n' "$*" >&2
	exit 1
}

complete() {
	local file
	for file in "${FILES[@]}"; do
		[[ -s $1/$file ]] || return 1
	done
}

# Only the package's bytes are wanted, so it is fetched and not installed. The
# package lists may be old or, in a fresh chroot, absent.
download() {
	local -a get=(apt-get -qq -o "APT::Sandbox::User=" download "$PACKAGE")
	(cd "$1" && "${get[@]}") >/dev/null 2>&1 && return
	((EUID == 0)) || die "can't download $PACKAGE; try again after apt-get update"
	apt-get -qq update >&2
	(cd "$1" && "${get[@]}") >&2 || die "can't download $PACKAGE"
}

# The list of files is a tar's pattern, so the stream is read once and to its end.
extract() {
	local deb=$1 to=$2
	mkdir "$to"
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$PACKAGE.tar.xz" | xz -dc |
		tar -x -C "$to" --strip-components=1 "${FILES[@]/#/$PACKAGE/}"
}

fetch() {
	local to=$1 work
	work=$(mktemp -d "$CACHE/.sources-XXXXXX")
	# shellcheck disable=SC2064 # the directory of now
	trap "rm -rf '$work'" EXIT
	printf 'fetching %s (140 MB)\n' "$PACKAGE" >&2
	download "$work"
	extract "$work"/*.deb "$work/tree"
	complete "$work/tree" || die "$PACKAGE lacks a file"
	rm -rf "$to"
	mv "$work/tree" "$to"
}

directory=$CACHE/$PACKAGE
mkdir -p "$CACHE/locks"
exec {lock}>"$CACHE/locks/$PACKAGE"
flock "$lock"
if ! complete "$directory"; then
	"$UNIT/../need" xz-utils >&2
	fetch "$directory"
fi
printf '%s\n' "$directory"
