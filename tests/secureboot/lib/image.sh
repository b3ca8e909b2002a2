# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
# The EFI system partition: what Debian installs there, and the kernel beside it.

# Unpacked only: no boot loader is installed on this machine.
boot_packages() {
	"$VM/run" --packages "$ROW" shim-signed shim-helpers-amd64-signed grub-efi-amd64-signed
}

# put FILE PLACE
put() {
	mcopy -i "$WORK/esp" -o "$1" "::$2"
}

# In place of an entry in the firmware's boot order the path that it tries without one.
make_disk() {
	local packages
	packages=$(boot_packages)
	mkfs.vfat -C -n ESP "$WORK/esp" $((128 * 1024)) >"$WORK/mkfs.log"
	mmd -i "$WORK/esp" ::EFI ::EFI/BOOT ::EFI/debian
	put "$packages/usr/lib/shim/shimx64.efi.signed" EFI/BOOT/BOOTX64.EFI
	put "$packages/usr/lib/shim/mmx64.efi.signed" EFI/BOOT/mmx64.efi
	put "$packages/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" EFI/BOOT/grubx64.efi
	put "$KERNEL" vmlinuz
	put "$INITRAMFS" initrd
}

# tell_grub WORD...: the kernel's command line.
tell_grub() {
	printf '%s\n' "linux /vmlinuz $*" 'initrd /initrd' boot >"$WORK/grub.cfg"
	put "$WORK/grub.cfg" EFI/debian/grub.cfg
}
