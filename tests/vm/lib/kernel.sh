# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Which kernel a row means today, and its parts: image, headers, busybox.

# rows: prints the table without its comments.
rows() {
	sed 's/#.*//; /^[[:space:]]*$/d' "$VM/kernels.list"
}

# row_select NAME: sets ROW ARCH SUITE IMAGE_PATTERN EXPECT STATUS MODULE_OPTIONS.
row_select() {
	local line
	line=$(rows | awk -v row="$1" '$1 == row')
	[[ $line ]] || usage_error "no kernel '$1' in kernels.list"
	read -r ROW ARCH SUITE IMAGE_PATTERN EXPECT STATUS <<<"$line"
	# A kernel of our own counts how often each line of the module runs.
	MODULE_OPTIONS=()
	[[ $STATUS != source ]] || MODULE_OPTIONS=(GCOV_PROFILE=y)
	arch_select "$ARCH"
}

# Every release of the row that a module can be built for, newest first.
buildable_releases() {
	local release
	while read -r release; do
		[[ -z $(newest_version "linux-headers-$release") ]] || printf '%s\n' "$release"
	done < <(package_names | grep -Ex "$IMAGE_PATTERN" | sed 's/^linux-image-//' | sort -urV)
}

newest_release() {
	buildable_releases | sed -n 1p
}

# A pinned kernel outlives its disappearance from the archive.
cached_version() {
	local newest
	newest=$(find "$CACHE/unpacked" -maxdepth 1 -name "${IMAGE}_*_$ARCH" 2>/dev/null |
		sort -V | tail -n 1)
	newest=${newest##*"${IMAGE}"_}
	printf %s "${newest%_*}"
}

# Sets RELEASE (as uname -r says it), IMAGE and IMAGE_VERSION of the row, once
# for a run.
resolve() {
	local pin=MSEAL_KERNEL_${ROW^^}
	if [[ $STATUS == source ]]; then
		resolve_source
		return
	fi
	pin=${pin//-/_}
	apt_open "$ARCH"
	RELEASE=${!pin:-}
	RELEASE=${RELEASE#linux-image-}
	[[ $RELEASE ]] || RELEASE=$(newest_release)
	[[ $RELEASE ]] || die "no package matches $IMAGE_PATTERN in $SUITE"
	IMAGE=linux-image-$RELEASE
	IMAGE_VERSION=$(newest_version "$IMAGE")
	[[ $IMAGE_VERSION ]] || IMAGE_VERSION=$(cached_version)
	[[ $IMAGE_VERSION ]] || die "$IMAGE is neither in $SUITE nor in the cache"
	say "$ROW: $IMAGE $IMAGE_VERSION"
}

# payload FILE: the compressed kernel inside a bzImage, where its boot protocol
# header says it is.
payload() {
	local setup offset length
	setup=$(od -An -tu1 -j 497 -N 1 "$1")
	read -r offset length < <(od -An -tu4 -j 584 -N 8 "$1")
	dd if="$1" iflag=skip_bytes,count_bytes bs=64K status=none \
		skip=$((512 * (setup + 1) + offset)) count=$((length - 4))
}

# The kernel without its own decompressor, which is slow where every instruction
# is emulated: 5 of 8 seconds of a boot. Its last 4 bytes are a length that
# decompressors don't know.
uncompress_kernel() {
	local image=$1 plain=$2 tool package
	[[ ! -e $plain ]] || return 0
	case $(payload "$image" | head -c 4 | od -An -tx1) in
	' fd 37 7a 58') tool=xz package=xz-utils ;;
	' 28 b5 2f fd') tool=zstd package=zstd ;;
	' 02 21 4c 18') tool=lz4 package=lz4 ;;
	*) die "$image is compressed in an unknown way" ;;
	esac
	need "$tool" "$package"
	install_missing
	payload "$image" | "$tool" -dc >"$plain.new" || die "cannot unpack $image"
	mv "$plain.new" "$plain"
}

# Newer suites split the image: the kernel and its modules are packages that it
# depends on, all below /usr.
fetch_image() {
	local name packages=("$IMAGE:$ARCH=$IMAGE_VERSION")
	if [[ $STATUS == source ]]; then
		fetch_source
		return
	fi
	for name in $(depends "$IMAGE" "$IMAGE_VERSION" | grep -E '^linux-(binary|modules)-'); do
		packages+=("$name:$ARCH=$IMAGE_VERSION")
	done
	fetch "${IMAGE}_${IMAGE_VERSION}_$ARCH" "${packages[@]}"
	IMAGE_DIR=$FETCHED
	MODULES_ROOT=$IMAGE_DIR
	[[ -d $IMAGE_DIR/lib/modules ]] || MODULES_ROOT=$IMAGE_DIR/usr
	for KERNEL in "$IMAGE_DIR/boot/vmlinuz-$RELEASE" \
		"$MODULES_ROOT/lib/modules/$RELEASE/vmlinuz"; do
		[[ ! -e $KERNEL ]] || break
	done
	[[ -e $KERNEL ]] || die "$IMAGE holds no kernel"
	if ((BOOT_PLAIN)); then
		with_lock "$CACHE/locks/$IMAGE" uncompress_kernel "$KERNEL" "$IMAGE_DIR/vmlinux"
		KERNEL=$IMAGE_DIR/vmlinux
	fi
}

fetch_busybox() {
	BUSYBOX_VERSION=$(newest_version busybox-static)
	fetch "busybox-static_${BUSYBOX_VERSION//:/_}_$ARCH" "busybox-static:$ARCH=$BUSYBOX_VERSION"
	BUSYBOX=$FETCHED/bin/busybox
	[[ -e $BUSYBOX ]] || BUSYBOX=$FETCHED/usr/bin/busybox
}

# headers_packages: what the headers consist of, as fetch wants it. Their build
# tools run here, whatever the guest is.
headers_packages() {
	local host name names version
	host=$(dpkg --print-architecture)
	version=$(versions "linux-headers-$RELEASE" | grep -Fx "$IMAGE_VERSION") ||
		die "no headers for $RELEASE $IMAGE_VERSION in $SUITE"
	printf '%s\n' "linux-headers-$RELEASE:$ARCH=$version"
	names=$(depends "linux-headers-$RELEASE" "$version" | grep -E '^linux-(headers|kbuild)-')
	for name in $names; do
		if [[ $name == linux-kbuild-* && $ARCH != "$host" ]]; then
			apt_open "$host"
			printf '%s\n' "$name:$host=$(newest_version "$name")"
			apt_open "$ARCH"
		else
			printf '%s\n' "$name:$ARCH=$(newest_version "$name")"
		fi
	done
}

# Headers as they come expect to live in /usr/src of the machine that they are
# for, and a compiler that another suite may not have.
relocate_headers() {
	local dir=$1 makefile=$1/usr/src/linux-headers-$RELEASE/Makefile variables compiler
	[[ ! -e $dir/relocated ]] || return 0
	sed -i "s|^include /usr/src/|include $dir/usr/src/|" "$makefile"
	variables=${makefile%/*}/.kernelvariables
	compiler=$(grep -o 'gcc-[0-9]*' "$variables" || true)
	if [[ $compiler ]] && ! command -v "$CROSS$compiler" >/dev/null; then
		sed -i "s/$compiler/gcc/" "$variables"
	fi
	if [[ $CROSS ]]; then
		printf 'override CROSS_COMPILE = %s\n' "$CROSS" >>"$variables"
	fi
	: >"$dir/relocated"
}

# Sets KERNELDIR to a tree against which modules for RELEASE can be built.
fetch_headers() {
	local key=linux-headers-${RELEASE}_${IMAGE_VERSION}_$ARCH packages
	if [[ $STATUS == source ]]; then
		fetch_source
		return
	fi
	if [[ ! -e $CACHE/unpacked/$key/relocated ]]; then
		packages=$(headers_packages)
		# shellcheck disable=SC2086 # one word per package
		fetch "$key" $packages
		with_lock "$CACHE/locks/$key" relocate_headers "$FETCHED"
	fi
	KERNELDIR=$CACHE/unpacked/$key/usr/src/linux-headers-$RELEASE
}
