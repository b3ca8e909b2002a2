# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC1091,SC2016,SC2034
# Debian packages for the guests, by apt configurations of our own: the
# system's lists, cache and package state are neither used nor changed. The
# archive's address is the one the system's own sources name.

# Lists older than this are asked for anew, so that "newest" stays true.
LISTS_MINUTES=360

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
	local dir=$1 arch=$2
	mkdir -p "$dir"/{lists/partial,cache/archives/partial}
	: >"$dir/status"
	apt_sources >"$dir/sources.list.new"
	cat >"$dir/apt.conf" <<-END
		#clear APT::Architectures;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Post-Invoke;
		APT::Architecture "$arch";
		APT::Architectures { "$arch"; };
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
		rm -f "$dir/$INDEX"
	fi
	mv "$dir/sources.list.new" "$dir/sources.list"
}

# One line per package that can matter: name, version, dependencies. A change of
# what matters needs a new INDEX.
INDEX=index-5

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
				if (name ~ /^(linux-source-[0-9.]+$|linux-(image|binary|modules|headers|kbuild)-.*[0-9]|busybox-static$|check$|libsubunit-dev$|libc6$|perl-base$|libcrypt1$|shim-signed$|shim-helpers-amd64-signed$|grub-efi-amd64-signed$)/)
					print name "\t" version "\t" depends
				name = ""
			}'
}

apt_refresh() {
	local dir=$1 arch=$2
	if [[ -n $(find "$dir/$INDEX" -mmin "-$LISTS_MINUTES" 2>/dev/null) ]]; then
		return
	fi
	apt_configure "$dir" "$arch"
	say "reading the package lists of $SUITE ($arch)"
	if quietly "$dir/update.log" apt-get -c "$dir/apt.conf" -qq \
		-o APT::Update::Error-Mode=any update; then
		apt_index "$dir" >"$dir/$INDEX.new"
		mv "$dir/$INDEX.new" "$dir/$INDEX"
	elif [[ -e $dir/$INDEX ]]; then
		say "warning: the archive does not answer, going on with older lists"
	else
		die "cannot read the package lists of $SUITE ($arch)"
	fi
}

# apt_open ARCH: makes the lists of SUITE for ARCH current, sets APT_DIR.
apt_open() {
	APT_DIR=$CACHE/apt/$SUITE-$1
	mkdir -p "$APT_DIR"
	with_lock "$CACHE/locks/apt-$SUITE-$1" apt_refresh "$APT_DIR" "$1"
}

package_names() {
	cut -f 1 "$APT_DIR/$INDEX"
}

# versions PACKAGE: those that the archive has.
versions() {
	awk -F '\t' -v name="$1" '$1 == name { print $2 }' "$APT_DIR/$INDEX"
}

# newest_version PACKAGE: empty if the archive has none.
newest_version() {
	local best='' version
	while read -r version; do
		if [[ -z $best ]] || dpkg --compare-versions "$version" gt "$best"; then
			best=$version
		fi
	done < <(versions "$1")
	printf %s "$best"
}

# depends PACKAGE VERSION: the names of the packages it needs.
depends() {
	awk -F '\t' -v name="$1" -v version="$2" '$1 == name && $2 == version { print $3; exit }' \
		"$APT_DIR/$INDEX" | tr ',' '\n' | sed 's/^ *//; s/ .*//'
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
