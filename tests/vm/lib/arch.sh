# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2054
# All that differs between the machines of the guests: one function each.
#
# Output, error and result travel on serial lines of their own, which every
# stock kernel drives without a module.

# Fixed by arch_select:
#   QEMU MACHINE BOOT_PLAIN CONSOLE CHANNELS COMMAND_LINE   the machine and its lines
#   GUEST_CC GUEST_CC_PACKAGES GUEST_LIBC        what init is made with
#   CROSS                                        prefix of the compiler

arch_amd64() {
	QEMU=qemu-system-x86_64
	QEMU_PACKAGE=qemu-system-x86
	MACHINE=(-M pc -cpu max)
	CONSOLE=ttyS0
	CHANNELS=(ttyS1 ttyS2 ttyS3)
	COMMAND_LINE=(tsc=reliable)
	BOOT_PLAIN=$((! ${MSEAL_VM_KASLR:-0}))
	CROSS=
	GUEST_CC=gcc
	GUEST_CC_PACKAGES=(gcc libc6-dev)
	GUEST_LIBC=/usr/lib/x86_64-linux-gnu/libc.a
}

# Interrupts are not shared: the lines of an ISA machine are edge triggered.
channels_amd64() {
	CHANNEL_DEVICES=(
		-device isa-serial,index=0,chardev=console
		-device isa-serial,index=1,chardev=output
		-device isa-serial,index=2,irq=5,chardev=error
		-device isa-serial,index=3,irq=7,chardev=result
	)
}

arch_arm64() {
	QEMU=qemu-system-aarch64
	QEMU_PACKAGE=qemu-system-arm
	MACHINE=(-M "virt,dtb-randomness=$( ((${MSEAL_VM_KASLR:-0})) && echo on || echo off)" -cpu max,pauth-impdef=on)
	BOOT_PLAIN=0
	CONSOLE=ttyAMA0
	CHANNELS=(ttyS0 ttyS1 ttyS2)
	COMMAND_LINE=()
	CROSS=aarch64-linux-gnu-
	GUEST_CC=${CROSS}gcc
	GUEST_CC_PACKAGES=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
	GUEST_LIBC=/usr/aarch64-linux-gnu/lib/libc.a
}

channels_arm64() {
	CHANNEL_DEVICES=(
		-serial chardev:console
		-device pci-serial,chardev=output
		-device pci-serial,chardev=error
		-device pci-serial,chardev=result
	)
}

arch_select() {
	declare -F "arch_$1" >/dev/null || die "no guests of architecture $1"
	"arch_$1"
	"channels_$1"
}
