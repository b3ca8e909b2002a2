# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016,SC2154
# For tests that want more of a system than an initramfs: a small Debian 12 as the
# guest's disk, with the PACKAGES that the test names. It is made once for each state
# of the archive and of this file, and kept as the test's DISK.

sources() {
	apt-get indextargets --no-release-info --format 'deb $(REPO_URI) $(RELEASE) main' \
		'Created-By: Packages' | grep -E ' bookworm(-updates|-security)? main$' | sort -u
}

image_key() {
	{
		cat "$TOP/tests/vm/disk.sh"
		apt-cache policy "${PACKAGES[@]}" libc6 | grep -E '^[a-z]|Candidate'
	} | sha256sum | cut -c 1-16
}

# make_root DIR: leaves the tree in DIR/root. What is only read is left out.
make_root() {
	local work=$1 lines include
	lines=$(sources)
	[[ $lines ]] || die "no source of Debian bookworm in the system's apt configuration"
	include=$(IFS=, && printf %s "${PACKAGES[*]}")
	mmdebstrap --mode=root --variant=essential --format=directory \
		--keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
		--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--include="$include" bookworm "$work/root" - <<<"$lines" >"$work/log" 2>&1 ||
		{ tail -n 30 "$work/log" >&2 && die "mmdebstrap failed"; }
}

# Made beside the others and moved there when it is whole.
make_image() {
	local work=${IMAGE%/*}/making
	say "making the guest's disk, once"
	rm -rf "${IMAGE%/*}"
	mkdir -p "$work"
	make_root "$work"
	mke2fs -q -t ext4 -O ^has_journal -d "$work/root" "$work/disk" 2G >/dev/null ||
		die "mke2fs failed"
	mv "$work/disk" "$IMAGE"
	rm -rf "$work"
}

# Sets IMAGE to the file that the guest has for a disk.
open_image() {
	local lock
	"$TOP/tests/need" mmdebstrap debian-archive-keyring e2fsprogs
	[[ $(apt-cache policy "${PACKAGES[0]}") == *Candidate:* ]] || apt-get -qq update
	IMAGE=$CACHE/$DISK/$(image_key).disk
	mkdir -p "$CACHE/locks"
	exec {lock}>"$CACHE/locks/$DISK"
	flock "$lock"
	[[ -f $IMAGE ]] || make_image
	exec {lock}>&-
}

# boot_disk OPTION... -- PROGRAM [ARG...]: tests/vm/run, with the disk as /dev/vda and
# what is needed to mount it. Nothing that is written there stays.
boot_disk() {
	local module options=()
	for module in virtio_pci virtio_blk crc32c_generic ext4; do
		options+=(-m "$module")
	done
	MSEAL_VM_MEM=2G MSEAL_VM_QEMU="-drive if=virtio,format=raw,snapshot=on,file=$IMAGE" \
		"$TOP/tests/vm/run" "${options[@]}" "$@"
}
