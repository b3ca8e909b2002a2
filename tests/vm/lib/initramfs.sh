# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
# The guest's file system: a base that all runs share (init, busybox, accounts)
# and behind it what one run adds (program, libraries, modules, files).

archive() {
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet)
}

base_tree() {
	local root=$1
	mkdir -p "$root"/{bin,dev,etc,lib,lib64,proc,root,run,sys,tmp,usr,var,vm}
	ln -s bin "$root/sbin"
	ln -s ../bin "$root/usr/bin"
	ln -s ../bin "$root/usr/sbin"
	ln -s ../lib "$root/usr/lib"
	ln -s ../lib64 "$root/usr/lib64"
	cp "$INIT" "$root/init"
	cp "$BUSYBOX" "$root/bin/busybox"
	printf '%s\n' root:x:0:0:root:/tmp:/bin/sh \
		nobody:x:65534:65534:nobody:/tmp:/bin/sh >"$root/etc/passwd"
	printf '%s\n' root:x:0: tty:x:5: nogroup:x:65534: >"$root/etc/group"
	printf '127.0.0.1 localhost vm\n' >"$root/etc/hosts"
}

refresh_base() {
	if [[ ! $INIT -nt $VM/init.c ]]; then
		"$GUEST_CC" -std=c11 -Wall -Wextra -O2 -static -o "$INIT.new" "$VM/init.c" ||
			die "init does not build"
		mv "$INIT.new" "$INIT"
	fi
	if [[ ! $BASE -nt $INIT || ! $BASE -nt $VM/lib/initramfs.sh ]]; then
		base_tree "$RUN/base"
		archive "$RUN/base" >"$BASE.new"
		mv "$BASE.new" "$BASE"
		rm -r "$RUN/base"
	fi
}

# Sets BASE, the archive that all guests of an architecture share.
make_base() {
	INIT=$BUILD/vm/init-$ARCH
	BASE=$BUILD/vm/base-$ARCH-$BUSYBOX_VERSION.cpio
	with_lock "$BUILD/vm/base.lock" refresh_base
}

# elf_facts FILE: "machine NAME", "interpreter PATH", "path DIRS", "needs NAME"
# lines, none if it is no ELF file.
elf_facts() {
	readelf -W -h -l -d "$1" 2>/dev/null | sed -nE '
		s/^ *Machine: *(.*)$/machine \1/p
		s/.*\[Requesting program interpreter: (.*)\]$/interpreter \1/p
		s/.*\((RPATH|RUNPATH)\).*\[(.*)\]$/path \2/p
		s/.*\(NEEDED\).*\[(.*)\]$/needs \1/p' || true
}

# Where the libraries of a machine are on this host, and where in the guest the
# project's own go. What the host has stays where it is, for the loader's
# built-in search path to find it.
library_dirs() {
	case $1 in
	*X86-64) LIBDIRS=(/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib64) ;;
	*80386) LIBDIRS=(/lib32 /usr/lib32 /lib/i386-linux-gnu /usr/lib/i386-linux-gnu) ;;
	AArch64) LIBDIRS=(/usr/aarch64-linux-gnu/lib /lib/aarch64-linux-gnu) ;;
	*) die "no libraries for $1 programs" ;;
	esac
}

# find_library NAME MACHINE DIR...: the first that is for that machine.
find_library() {
	local name=$1 machine=$2 dir
	shift 2
	for dir in "$@"; do
		if [[ -e $dir/$name ]] && elf_facts "$dir/$name" | grep -qx "machine $machine"; then
			printf '%s\n' "$dir/$name"
			return
		fi
	done
}

# The guest's place of a library found on the host.
library_place() {
	local found=$1 dir
	for dir in "${LIBDIRS[@]}"; do
		if [[ ${found%/*} == "$dir" ]]; then
			printf '%s\n' "${found#/usr/aarch64-linux-gnu}"
			return
		fi
	done
	for dir in "${LIBDIRS[@]}"; do
		if [[ -d $dir ]]; then
			printf '%s/%s\n' "${dir#/usr/aarch64-linux-gnu}" "${found##*/}"
			return
		fi
	done
}

# guest_libraries FILE: what the loader will look for, and its libraries'.
guest_libraries() {
	local file=$1 machine='' interpreter='' kind value name found
	local -a path=() needs=()
	while read -r kind value; do
		case $kind in
		machine) machine=$value ;;
		interpreter) interpreter=$value ;;
		path) IFS=: read -ra path <<<"${value//\$ORIGIN/$(dirname "$(realpath "$file")")}" ;;
		needs) needs+=("$value") ;;
		esac
	done < <(elf_facts "$file")
	[[ $machine ]] || return 0
	if [[ -z $interpreter && ${#needs[@]} == 0 ]]; then
		return 0
	fi
	library_dirs "$machine"
	if [[ $interpreter ]]; then
		found=$interpreter
		[[ $machine != AArch64 ]] || found=/usr/aarch64-linux-gnu$interpreter
		[[ -e $found ]] || die "$file: this host lacks its loader $interpreter"
		guest_file "$found" "$interpreter"
		# The C library loads this one by itself when a thread is cancelled.
		found=$(find_library libgcc_s.so.1 "$machine" "${LIBDIRS[@]}")
		[[ -z $found ]] || needs+=(libgcc_s.so.1)
	fi
	for name in "${needs[@]}"; do
		found=$(find_library "$name" "$machine" "${path[@]}" "$BUILD/lib" "$BUILD/lib32" \
			"$BUILD/lib-$ARCH" "${LIBDIRS[@]}")
		[[ $found ]] || die "$file: no library $name"
		guest_add "$found" "$(library_place "$found")"
		library_dirs "$machine"
	done
}

# guest_file SRC DEST: a copy in the guest, links followed.
guest_file() {
	mkdir -p "$STAGE/$(dirname "$2")"
	cp -rL --preserve=mode,timestamps "$1" "$STAGE/$2"
}

# A script's interpreter travels along, unless busybox stands in for it.
guest_interpreter() {
	local line interpreter
	IFS= read -r line <"$1" || return 0
	interpreter=${line#'#!'}
	read -r interpreter _ <<<"$interpreter"
	case $interpreter in
	/bin/sh | /bin/ash | /usr/bin/env) return ;;
	esac
	[[ ! -x $interpreter ]] || guest_add "$interpreter" "$interpreter"
}

# guest_add SRC DEST: a host file and whatever it needs in order to run.
guest_add() {
	local source=$1 place=$2
	[[ ! -e $STAGE/$place ]] || return 0
	guest_file "$source" "$place"
	[[ -f $source ]] || return 0
	if [[ $(head -c 2 "$source" | tr -d '\0') == '#!' ]]; then
		guest_interpreter "$source"
	else
		guest_libraries "$source"
	fi
}

# Sets INITRAMFS from BASE and the run's STAGE.
make_initramfs() {
	INITRAMFS=$RUN/initramfs.cpio
	{
		cat "$BASE"
		archive "$STAGE"
	} >"$INITRAMFS"
	rm -rf "$STAGE"
}
