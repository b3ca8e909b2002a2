# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016,SC2154
# The tree of a small Debian 12, for guests that want more of a system than an
# initramfs. Whoever reads this file has say, die and the PACKAGES that are wanted.

debian_sources() {
	apt-get indextargets --no-release-info --format 'deb $(REPO_URI) $(RELEASE) main' \
		'Created-By: Packages' | grep -E ' bookworm(-updates|-security)? main$' | sort -u
}

# debian_key FILE... -- PACKAGE...: changes with the files, this one, and what the
# archive offers of the packages.
debian_key() {
	local files=()
	while [[ $1 != -- ]]; do
		files+=("$1")
		shift
	done
	shift
	{
		cat "$TOP/tests/vm/root.sh" "${files[@]}"
		apt-cache policy "$@" libc6 | grep -E '^[a-z]|Candidate'
	} | sha256sum | cut -c 1-16
}

# debian_root WORK VARIANT OPTION...: leaves the tree in WORK/root; the options are
# mmdebstrap's.
debian_root() {
	local work=$1 variant=$2 lines include
	shift 2
	lines=$(debian_sources)
	[[ $lines ]] || die "no source of Debian bookworm in the system's apt configuration"
	include=$(IFS=, && printf %s "${PACKAGES[*]}")
	mmdebstrap --mode=root --variant="$variant" --format=directory \
		--keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
		--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
		"$@" --include="$include" bookworm "$work/root" - <<<"$lines" >"$work/log" 2>&1 ||
		{ tail -n 30 "$work/log" >&2 && die "mmdebstrap failed"; }
}

# debian_once LOCK FILE MAKE...: has MAKE make the file or directory, unless it is there.
debian_once() {
	local lock
	mkdir -p "$CACHE/locks"
	exec {lock}>"$CACHE/locks/$1"
	flock "$lock"
	[[ -e $2 ]] || "${@:3}"
	exec {lock}>&-
}
