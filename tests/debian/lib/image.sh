# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016,SC2153
# The base image: a small Debian 12 with systemd, DKMS, two stock kernels and
# their headers, and a repository of its own with two more. Sandboxes and servers
# are there to be tried, and start when a test says so. It is made once
# for each state of the archive and of this file.

PACKAGES=(
	systemd-sysv udev kmod
	dkms make libc6-dev pkg-config
	linux-image-amd64 linux-headers-amd64
	linux-image-6.12-cloud-amd64 linux-headers-6.12-cloud-amd64
	libtracefs1 libelf1 autopkgtest
	apparmor bubblewrap nginx-light openssh-server openssh-client
)
# What apt installs later on, in the guest, out of reach of any archive.
LATER=(linux-image-cloud-amd64 linux-headers-cloud-amd64)
IDLE=(apparmor.service nginx.service ssh.service)

# Hardware that the guest lacks; depmod would read every module of the package,
# at each build, at the speed of an emulated processor.
UNUSED=(drivers/gpu drivers/media drivers/net/ethernet drivers/net/wireless drivers/usb
	drivers/scsi drivers/infiniband drivers/iio drivers/staging drivers/hwmon
	drivers/input drivers/mfd drivers/md drivers/platform drivers/target sound
	net/netfilter net/bluetooth net/sched fs/ocfs2 fs/xfs fs/btrfs fs/nfs fs/nfsd)

# Slow to start, and nothing here needs them. udevd stays, as it may change the
# modes of devices; but it isn't told of all the hardware that was there before.
MASKED=(systemd-udev-trigger.service systemd-timesyncd.service systemd-networkd.service
	systemd-update-utmp.service systemd-update-utmp-runlevel.service
	systemd-journal-flush.service systemd-random-seed.service systemd-hwdb-update.service
	systemd-pcrphase.service systemd-pcrphase-sysinit.service systemd-sysusers.service
	modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service
	modprobe@efi_pstore.service modprobe@fuse.service modprobe@loop.service
	dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount
	sys-kernel-config.mount proc-sys-fs-binfmt_misc.automount getty.target
	e2scrub_all.timer e2scrub_reap.service apt-daily.timer apt-daily-upgrade.timer
	dpkg-db-backup.timer fstrim.timer systemd-tmpfiles-clean.timer)
GENERATORS=(cryptsetup debug fstab getty gpt-auto hibernate-resume integritysetup rc-local
	run system-update sysv veritysetup)

# shellcheck source=tests/vm/root.sh
. "$TOP/tests/vm/root.sh"

# One line per package that the archive may renew; what is asked for is what is
# named here and the C library below it.
image_key() {
	debian_key "$HERE/lib/image.sh" "$HERE/guest/run-step" -- "${PACKAGES[@]}" "${LATER[@]}"
}

# Before anything is unpacked: what dpkg shall leave out, and what goes into the
# initial file systems.
prepare_root() {
	local root=$1 path
	mkdir -p "$root"/etc/{dpkg/dpkg.cfg.d,initramfs-tools/conf.d,systemd/system{,-generators}}
	for path in "${UNUSED[@]}"; do
		printf 'path-exclude=/lib/modules/*/kernel/%s/*\n' "$path"
	done >"$root/etc/dpkg/dpkg.cfg.d/unused"
	printf 'MODULES=list\n' >"$root/etc/initramfs-tools/conf.d/guest"
	mkdir -p "$root/usr/share/initramfs-tools/modules.d"
	printf '%s\n' virtio_pci virtio_blk ext4 >"$root/usr/share/initramfs-tools/modules.d/guest"
	for path in "${MASKED[@]}"; do
		ln -s /dev/null "$root/etc/systemd/system/$path"
	done
	for path in "${GENERATORS[@]}"; do
		ln -s /dev/null "$root/etc/systemd/system-generators/systemd-$path-generator"
	done
}

# older_abi: the oldest 6.1 that the archive still has, of the flavour that is small.
older_abi() {
	apt-cache pkgnames linux-headers-6.1.0- | sed -n 's/^linux-headers-\(.*-cloud-amd64\)$/\1/p' |
		sort -V | head -n 1
}

# The packages of the kernels that come later, as a repository of files.
fill_repository() {
	local root=$1 names older
	mkdir -p "$root/srv/repository"
	older=$(chroot "$root" bash -c "$(declare -f older_abi); older_abi")
	names=$(chroot "$root" apt-cache depends "${LATER[@]}" |
		sed -n 's/^ *Depends: \(linux-.*\)/\1/p')
	names+=" linux-image-$older linux-headers-$older linux-headers-${older/cloud-amd64/common}"
	# shellcheck disable=SC2086 # a list of words
	chroot "$root" sh -c 'cd /srv/repository && apt-get -qq -o APT::Sandbox::User=root download "$@"' \
		sh $names
	(cd "$root/srv/repository" && dpkg-scanpackages -m . 2>/dev/null >Packages)
	printf 'deb [trusted=yes] file:/%s ./\n' srv/repository step/repository \
		>"$root/etc/apt/sources.list"
}

# The guest's own part: after boot it runs what the second disk brings.
finish_root() {
	local root=$1
	install -m 755 "$HERE/guest/run-step" "$root/usr/local/sbin/run-step"
	printf '%s\n' '[Unit]' 'After=multi-user.target' '[Service]' 'Type=simple' \
		'ExecStart=/usr/local/sbin/run-step' '[Install]' 'WantedBy=multi-user.target' \
		>"$root/etc/systemd/system/step.service"
	mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
	ln -s ../step.service "$root/etc/systemd/system/multi-user.target.wants/step.service"
	printf 'guest\n' >"$root/etc/hostname"
	printf 'user:x:1000:1000::/home/user:/bin/bash\n' >>"$root/etc/passwd"
	printf 'user:x:1000:\n' >>"$root/etc/group"
	install -d -o 1000 -g 1000 "$root/home/user"
	chroot "$root" systemctl -q disable "${IDLE[@]}" 2>/dev/null
	fill_repository "$root"
}

# A hook is a program of its own, with this file's functions in it.
hook() {
	printf '%s\n' '#!/bin/bash' 'set -euo pipefail'
	printf 'TOP=%q HERE=%q\n' "$TOP" "$HERE"
	printf '. %q\n' "$HERE/lib/image.sh"
	printf '%s "$1"\n' "$1"
}

# Made beside the others and moved there when it is whole.
make_image() {
	local work=${IMAGE%/*}/making
	say "making the base image, once"
	rm -rf "${IMAGE%/*}"
	mkdir -p "$work/image"
	hook prepare_root >"$work/prepare"
	hook finish_root >"$work/finish"
	chmod +x "$work"/{prepare,finish}
	debian_root "$work" apt \
		--setup-hook="$work/prepare" --customize-hook="$work/finish"
	cp "$work"/root/boot/{vmlinuz,initrd.img}-* "$work/image/"
	mke2fs -q -t ext4 -d "$work/root" "$work/image/disk" 4G >/dev/null || die "mke2fs failed"
	mv "$work/image" "$IMAGE"
	rm -rf "$work"
}

# Sets IMAGE to the directory of the base image: disk, kernels, initial file systems.
open_image() {
	[[ $(apt-cache policy linux-image-amd64) == *Candidate:* ]] || apt-get -qq update
	IMAGE=$CACHE/debian-guest/$(image_key)
	debian_once debian-guest "$IMAGE" make_image
}
