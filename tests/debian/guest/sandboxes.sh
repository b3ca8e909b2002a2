#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a sandbox leaves of sealing: docs/sandboxes.md has the same table. Each row is
# what look.c says: backend, why there is none, the library, system call 462.
# shellcheck source=/dev/null
. ./lib.sh

look=/run/look
device=BindPaths=-/dev/mseal
allowed='DeviceAllow=/dev/mseal rw'

build() {
	# shellcheck disable=SC2046 # words by definition
	cc -o "$look" look.c $(pkg-config --cflags --libs libmseal)
	as_user "$look"
}

# service PROPERTY...: looks from a service of that kind.
service() {
	local -a words=()
	local property
	for property in "$@"; do
		words+=(-p "$property")
	done
	systemd-run --quiet --wait --pipe "${words[@]}" "$look"
}

# profile NAME RULE: confines a copy of the program.
profile() {
	cp "$look" "/run/$1"
	printf '%s\n' 'abi <abi/3.0>,' 'include <tunables/global>' "profile $1 /run/$1 {" \
		'include <abstractions/base>' "/run/$1 mr," "$2" '}' >"/run/$1.profile"
	apparmor_parser -r "/run/$1.profile"
	grep "^$1 (enforce)" /sys/kernel/security/apparmor/profiles
	"/run/$1" | tee /run/said
	look_is "$3" "$(</run/said)"
}

look_is() {
	printf 'look: %s\n' "$2"
	is "$2" "$1"
}

# row EXPECTED TEXT COMMAND...
row() {
	local expected=$1 text=$2
	shift 2
	check "$text" sees "$expected" "$@"
}

sees() {
	local expected=$1 said
	shift
	said=$("$@")
	look_is "$expected" "$said"
}

bubble() {
	as_user bwrap --ro-bind / / --dev /dev "$@" "$look"
}

# table WHERE CALL FILTERED: what becomes of system call 462 where nothing filters
# calls, and where a filter lets it pass. PrivateDevices and DynamicUser filter, too.
table() {
	local where=$1 call=$2 filtered=$3 all="$by - sealed"
	row "$all $call" "$where: a plain service" service
	row "$absent $filtered" "$where: PrivateDevices=yes" service PrivateDevices=yes
	row "$closed $filtered" "$where: PrivateDevices=yes $device" \
		service PrivateDevices=yes "$device"
	row "$all $filtered" "$where: PrivateDevices=yes $device $allowed" \
		service PrivateDevices=yes "$device" "$allowed"
	row "$unknown ENOSYS" "$where: SystemCallFilter=@system-service" \
		service SystemCallFilter=@system-service
	row "$all $filtered" "$where: SystemCallFilter=~@reboot" service 'SystemCallFilter=~@reboot'
	row "$all $filtered" "$where: PrivateUsers=yes DynamicUser=yes" \
		service PrivateUsers=yes DynamicUser=yes
	row "$all $call" "$where: a user namespace" as_user unshare --user --map-root-user "$look"
	row "$absent $call" "$where: bubblewrap --dev" bubble
	row "$all $call" "$where: bubblewrap --dev --dev-bind-try /dev/mseal" \
		bubble --dev-bind-try /dev/mseal /dev/mseal
	check "$where: AppArmor, without the abstraction" profile look-without '' "$denied $call"
	check "$where: AppArmor, with the abstraction" \
		profile look-with 'include <abstractions/mseal>' "$all $call"
}

serve() {
	rmmod mseal
	modprobe mseal serve_syscall=1
}

check 'the program that looks is built' build
if [[ -d /sys/module/mseal ]]; then
	by=module
	absent='none ENOENT ENOSYS' closed='none EPERM ENOSYS' denied='none EACCES ENOSYS'
	unknown='module - sealed'
	table module ENOSYS ENOSYS
	check 'the module is loaded to serve the call' serve
	table served ENOSYS sealed
else
	by=kernel
	absent='kernel - sealed' closed=$absent denied=$absent
	unknown='none ENOSYS ENOSYS'
	table kernel sealed sealed
fi
echo end
