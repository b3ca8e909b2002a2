# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034
# Debian packages for the guests, by apt configurations of our own: the
# system's lists, cache and package state are neither used nor changed. The
# archive's address is the one the system's own sources name.

# Lists older than this are asked for anew, so that "newest" stays true.
LISTS_MINUTES=360

# rows: prints the table without its comments.
rows() {
	sed 's/#.*//; /^[[:space:]]*$/d' "$VM/kernels.list"
}

# row_select NAME: sets ROW ARCH SUITE IMAGE_PATTERN EXPECT STATUS.
row_select() {
	local line
	line=$(rows | awk -v row="$1" '$1 == row')
	[[ $line ]] || usage_error "no kernel '$1' in kernels.list"
	read -r ROW ARCH SUITE IMAGE_PATTERN EXPECT STATUS <<<"$line"
}

# archive_of RELEASE: the address from which the system takes that release.
archive_of() {
	apt-get indextargets --no-release-info --format '$(RELEASE) $(REPO_URI)' \
		'Created-By: Packages' | awk -v release="$1" '$1 == release { print $2; exit }'
}

apt_sources() {
	local codename main security keys=
	codename=$(. /etc/os-release && printf %s "${VERSION_CODENAME:-}")
	main=$(archive_of "$codename")
	security=$(archive_of "$codename-security")
	[[ $main ]] || die "no source of Debian $codename in the system's apt configuration"
	if [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]]; then
		keys='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] '
	fi
	printf 'deb %s%s %s main\n' "$keys" "$main" "$SUITE"
	if [[ $SUITE != sid && $security ]]; then
		printf 'deb %s%s %s-security main\n' "$keys" "$security" "$SUITE"
	fi
}

apt_configure() {
	local dir=$1
	mkdir -p "$dir"/{lists/partial,cache/archives/partial}
	: >"$dir/status"
	apt_sources >"$dir/sources.list.new"
	cat >"$dir/apt.conf" <<-END
		#clear APT::Architectures;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Post-Invoke;
		APT::Architecture "$ARCH";
		APT::Architectures { "$ARCH"; };
		APT::Sandbox::User "";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Dir::State "$dir";
		Dir::State::lists "$dir/lists";
		Dir::State::status "$dir/status";
		Dir::Cache "$dir/cache";
		Dir::Cache::pkgcache "pkgcache.bin";
		Dir::Cache::srcpkgcache "srcpkgcache.bin";
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
	END
	if ! cmp -s "$dir/sources.list.new" "$dir/sources.list"; then
		rm -f "$dir/index"
	fi
	mv "$dir/sources.list.new" "$dir/sources.list"
}

# One line per package that can matter: name, version, dependencies.
apt_index() {
	local dir=$1 file
	apt-get -c "$dir/apt.conf" indextargets --format '$(FILENAME)' 'Created-By: Packages' |
		while read -r file; do
			/usr/lib/apt/apt-helper -c "$dir/apt.conf" cat-file "$file"
		done |
		awk '
			/^Package: / { name = $2; version = depends = "" }
			/^Version: / { version = $2 }
			/^Depends: / { depends = substr($0, 10) }
			/^$/ {
				if (name ~ /^(linux-(image|headers|kbuild)-.*[0-9]|busybox-static$)/)
					print name "\t" version "\t" depends
				name = ""
			}'
}

apt_refresh() {
	local dir=$1
	if [[ -n $(find "$dir/index" -mmin "-$LISTS_MINUTES" 2>/dev/null) ]]; then
		return
	fi
	apt_configure "$dir"
	say "reading the package lists of $SUITE ($ARCH)"
	if quietly "$dir/update.log" apt-get -c "$dir/apt.conf" -qq \
		-o APT::Update::Error-Mode=any update; then
		apt_index "$dir" >"$dir/index.new"
		mv "$dir/index.new" "$dir/index"
	elif [[ -e $dir/index ]]; then
		say "warning: the archive does not answer, going on with older lists"
	else
		die "cannot read the package lists of $SUITE ($ARCH)"
	fi
}

# apt_open: makes the lists of SUITE and ARCH current, sets APT_DIR.
apt_open() {
	APT_DIR=$CACHE/apt/$SUITE-$ARCH
	mkdir -p "$APT_DIR"
	with_lock "$CACHE/locks/apt-$SUITE-$ARCH" apt_refresh "$APT_DIR"
}

# newest_version PACKAGE: empty if the archive has none.
newest_version() {
	local best='' version
	while read -r version; do
		if [[ -z $best ]] || dpkg --compare-versions "$version" gt "$best"; then
			best=$version
		fi
	done < <(awk -F '\t' -v name="$1" '$1 == name { print $2 }' "$APT_DIR/index")
	printf %s "$best"
}

# Sets RELEASE (as uname -r says it), IMAGE and IMAGE_VERSION of the row. The
# newest kernel is the newest that a module can be built for.
resolve() {
	local pin=MSEAL_KERNEL_${ROW^^} release
	pin=${pin//-/_}
	apt_open
	RELEASE=
	if [[ ${!pin:-} ]]; then
		RELEASE=${!pin#linux-image-}
	else
		while read -r release; do
			if [[ $(newest_version "linux-headers-$release") ]]; then
				RELEASE=$release
				break
			fi
		done < <(cut -f 1 "$APT_DIR/index" | grep -Ex "$IMAGE_PATTERN" |
			sed 's/^linux-image-//' | sort -urV)
	fi
	[[ $RELEASE ]] || die "no package matches $IMAGE_PATTERN in $SUITE"
	IMAGE=linux-image-$RELEASE
	IMAGE_VERSION=$(newest_version "$IMAGE")
	[[ $IMAGE_VERSION ]] || IMAGE_VERSION=$(cached_version)
	[[ $IMAGE_VERSION ]] || die "$IMAGE is neither in $SUITE nor in the cache"
}

# A pinned kernel outlives its disappearance from the archive.
cached_version() {
	local newest
	newest=$(find "$CACHE/unpacked" -maxdepth 1 -name "${IMAGE}_*_$ARCH" 2>/dev/null |
		sort -V | tail -n 1)
	newest=${newest##*"${IMAGE}"_}
	printf %s "${newest%_*}"
}

# unpack DIR PACKAGE:ARCH=VERSION...: all into one tree.
unpack() {
	local dir=$1 package name arch version work
	shift
	[[ ! -d $dir ]] || return 0
	work=$(temporary "$CACHE/unpacked")
	mkdir "$work/tree"
	for package in "$@"; do
		name=${package%%:*}
		version=${package#*=}
		arch=${package#*:}
		arch=${arch%%=*}
		say "fetching $name $version"
		mkdir "$work/deb"
		(cd "$work/deb" && quietly "$work/log" \
			apt-get -c "$CACHE/apt/$SUITE-$arch/apt.conf" -qq download "$name=$version") ||
			die "cannot fetch $name $version"
		dpkg -x "$work"/deb/*.deb "$work/tree" || die "cannot unpack $name"
		rm -r "$work/deb"
	done
	mv "$work/tree" "$dir"
	rm -r "$work"
}

# fetch NAME PACKAGE:ARCH=VERSION...: sets FETCHED to where their files are.
fetch() {
	FETCHED=$CACHE/unpacked/$1
	shift
	[[ ! -d $FETCHED ]] || return 0
	mkdir -p "$CACHE/unpacked"
	with_lock "$CACHE/locks/${FETCHED##*/}" unpack "$FETCHED" "$@"
}

fetch_image() {
	fetch "${IMAGE}_${IMAGE_VERSION}_$ARCH" "$IMAGE:$ARCH=$IMAGE_VERSION"
	IMAGE_DIR=$FETCHED
	KERNEL=$IMAGE_DIR/boot/vmlinuz-$RELEASE
	[[ -e $KERNEL ]] || die "$IMAGE holds no kernel"
}

fetch_busybox() {
	local version
	version=$(newest_version busybox-static)
	fetch "busybox-static_${version//:/_}_$ARCH" "busybox-static:$ARCH=$version"
	BUSYBOX_VERSION=${version//:/_}
	BUSYBOX=$FETCHED/bin/busybox
	[[ -e $BUSYBOX ]] || BUSYBOX=$FETCHED/usr/bin/busybox
}

# headers_depends VERSION: the other packages that headers are made of.
headers_depends() {
	awk -F '\t' -v name="linux-headers-$RELEASE" -v version="$1" '
		$1 == name && $2 == version {
			n = split($3, depends, /, */)
			for (i = 1; i <= n; i++) {
				sub(/ .*/, "", depends[i])
				if (depends[i] ~ /^linux-(headers|kbuild)-/)
					print depends[i]
			}
			exit
		}' "$APT_DIR/index"
}

# Headers as they come expect to live in /usr/src, and a compiler that another
# suite may not have.
relocate_headers() {
	local dir=$1 variables=$1/usr/src/linux-headers-$RELEASE/.kernelvariables compiler
	sed -i "s|^include /usr/src/|include $dir/usr/src/|" \
		"$dir/usr/src/linux-headers-$RELEASE/Makefile"
	compiler=$(grep -o 'gcc-[0-9]*' "$variables") || return 0
	command -v "$CROSS$compiler" >/dev/null || sed -i "s/$compiler/gcc/" "$variables"
	: >"$dir/relocated"
}

# Sets KERNELDIR to a tree against which modules for RELEASE can be built.
fetch_headers() {
	local packages name version
	local key=linux-headers-${RELEASE}_${IMAGE_VERSION}_$ARCH
	if [[ ! -e $CACHE/unpacked/$key/relocated ]]; then
		packages=("linux-headers-$RELEASE:$ARCH=$IMAGE_VERSION")
		while read -r name; do
			version=$(newest_version "$name")
			packages+=("$name:$ARCH=$version")
		done < <(headers_depends "$IMAGE_VERSION")
		((${#packages[@]} > 1)) || die "no headers for $RELEASE $IMAGE_VERSION in $SUITE"
		fetch "$key" "${packages[@]}"
		with_lock "$CACHE/locks/$key" relocate_headers "$CACHE/unpacked/$key"
	fi
	KERNELDIR=$CACHE/unpacked/$key/usr/src/linux-headers-$RELEASE
}
