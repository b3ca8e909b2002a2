# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# For tests that want more of a system than an initramfs: a small Debian 12 as the
# guest's disk, with the PACKAGES that the test names. It is made once for each state
# of the archive and of this file, and kept as the test's DISK.

# shellcheck source=tests/vm/root.sh
. "$TOP/tests/vm/root.sh"

# Made beside the others and moved there when it is whole.
make_image() {
	local work=${IMAGE%/*}/making
	say "making the guest's disk, once"
	rm -rf "${IMAGE%/*}"
	mkdir -p "$work"
	# What is only read is left out.
	debian_root "$work" essential \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*'
	mke2fs -q -t ext4 -O ^has_journal -d "$work/root" "$work/disk" 2G >/dev/null ||
		die "mke2fs failed"
	mv "$work/disk" "$IMAGE"
	rm -rf "$work"
}

# Sets IMAGE to the file that the guest has for a disk.
open_image() {
	"$TOP/tests/need" mmdebstrap debian-archive-keyring e2fsprogs
	[[ $(apt-cache policy "${PACKAGES[0]}") == *Candidate:* ]] || apt-get -qq update
	IMAGE=$CACHE/$DISK/$(debian_key "$TOP/tests/vm/disk.sh" -- "${PACKAGES[@]}").disk
	debian_once "$DISK" "$IMAGE" make_image
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
