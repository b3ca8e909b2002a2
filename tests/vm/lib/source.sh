# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153
# Kernels that are built here, of a source package and a configuration of ours.
# A build stays in the cache until its source, its configuration or the compiler
# is another.

config_of_row() { cat "$VM/source/common" "$VM/source/$ROW"; }

# Sets IMAGE, IMAGE_VERSION and SOURCE_TREE of the row.
resolve_source() {
	local key
	apt_open "$ARCH"
	IMAGE=$(package_names | grep -Ex "$IMAGE_PATTERN" | sort -uV | tail -n 1)
	[[ $IMAGE ]] || die "no package matches $IMAGE_PATTERN in $SUITE"
	IMAGE_VERSION=$(newest_version "$IMAGE")
	need gcc gcc
	need make make
	install_missing
	key=$({
		printf '%s %s\n' "$IMAGE" "$IMAGE_VERSION"
		gcc --version | head -n 1
		declare -f mend_source compile_source prune_source
		config_of_row
	} | sha256sum | cut -c 1-16)
	SOURCE_TREE=$CACHE/unpacked/$ROW-kernel-$key
	RELEASE=$(cat "$SOURCE_TREE/linux/include/config/kernel.release" 2>/dev/null || true)
	say "$ROW: $IMAGE $IMAGE_VERSION, ${RELEASE:-not yet built}"
}

# An option that the kernel doesn't know, or won't have, is left out silently.
check_config() {
	local dir=$1 line wrong=0
	while read -r line; do
		if [[ $line == *=n ]]; then
			! grep -q "^${line%n}" "$dir/.config" || wrong=1
		else
			grep -Fqx -- "$line" "$dir/.config" || wrong=1
		fi
		((!wrong)) || die "the kernel to build doesn't take $line"
	done < <(config_of_row | grep -E '^CONFIG_')
}

mend_source() {
	# With DEBUG_VM mmap_assert_locked() calls it, from modules too.
	printf 'EXPORT_SYMBOL_GPL(dump_mm);\n' >>"$1/mm/debug.c"
	# 6.1.192 asserts a lock that __vma_adjust() takes only later, so every kernel
	# with lockdep warns at the first cut through a hugetlb mapping.
	sed -i '/^void hugetlb_split(/,/^}/ { /i_mmap_assert_write_locked/d }' "$1/mm/hugetlb.c"
}

compile_source() {
	local make=(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$1")
	config_of_row >"$1/mseal.config"
	"${make[@]}" KCONFIG_ALLCONFIG=mseal.config allnoconfig
	check_config "$1"
	mend_source "$1"
	# KCSAN is to watch the module. What is loud about the kernel itself would hide that.
	"${make[@]}" -j "$(nproc)" KCSAN_SANITIZE=n bzImage modules
}

# Modules are built with the headers and the tools; the rest is a gigabyte.
prune_source() {
	local dir=$1 name
	for name in arch block certs crypto Documentation drivers fs init io_uring ipc \
		kernel lib mm net rust samples security sound usr virt; do
		find "$dir/$name" -type f ! -path '*/include/*' ! -name 'Makefile*' \
			! -name '*.lds' -delete 2>/dev/null || true
	done
	find "$dir" -maxdepth 1 \( -name 'vmlinux*' -o -name '.tmp*' -o -name '.vmlinux*' \) \
		-delete
}

# Into a place of its own, which becomes the tree once all is done.
build_source_tree() {
	local work
	[[ ! -e $SOURCE_TREE ]] || return 0
	fetch "${IMAGE}_${IMAGE_VERSION}_$ARCH" "$IMAGE:$ARCH=$IMAGE_VERSION"
	work=$(temporary "$CACHE/unpacked")
	mkdir "$work/tree"
	say "building the kernel $ROW, once for this machine: up to ten minutes"
	tar -C "$work/tree" -xf "$FETCHED/usr/src/$IMAGE.tar.xz"
	mv "$work/tree/$IMAGE" "$work/tree/linux"
	quietly "$work/log" compile_source "$work/tree/linux" || die "the kernel $ROW does not build"
	cp "$work/tree/linux/arch/x86/boot/bzImage" "$work/tree/bzImage"
	prune_source "$work/tree/linux"
	mv "$work/tree" "$SOURCE_TREE"
	rm -rf "$work" "$FETCHED"
}

# Sets KERNEL and KERNELDIR.
fetch_source() {
	need flex flex
	need bison bison
	need bc bc
	need pahole pahole
	need lz4 lz4
	need /usr/include/gelf.h libelf-dev
	install_missing
	with_lock "$CACHE/locks/${SOURCE_TREE##*/}" build_source_tree
	RELEASE=$(cat "$SOURCE_TREE/linux/include/config/kernel.release")
	KERNEL=$SOURCE_TREE/bzImage
	KERNELDIR=$SOURCE_TREE/linux
}
