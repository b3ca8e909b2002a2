#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a sandbox leaves of sealing: docs/sandboxes.md has the same table. Each row is
# what look.c says: backend, why there is none, the library, system call 462.
# shellcheck source=/dev/null
. ./lib.sh

# Nothing may be executed from /run.
look=/usr/local/bin/look
device=BindPaths=-/dev/mseal
allowed='DeviceAllow=/dev/mseal rw'

build() {
	# shellcheck disable=SC2046 # words by definition
	cc -o "$look" look.c $(pkg-config --cflags --libs libmseal)
	as_user "$look"
}

# service PROPERTY...: looks from a service of that kind.
service() {
	printf '%s\n' '[Service]' Type=oneshot "ExecStart=$look" \
		StandardOutput=truncate:/run/said "$@" >/run/systemd/system/look.service
	rm -f /run/said
	systemctl daemon-reload
	systemctl start look.service
	cat /run/said
}

# profile NAME RULE EXPECTED: confines a copy of the program.
profile() {
	local copy=${look%/*}/$1
	cp "$look" "$copy"
	printf '%s\n' 'abi <abi/3.0>,' 'include <tunables/global>' "profile $1 $copy {" \
		'include <abstractions/base>' "$copy mr," "$2" '}' >"/run/$1.profile"
	apparmor_parser -r "/run/$1.profile"
	grep "^$1 (enforce)" /sys/kernel/security/apparmor/profiles
	"$copy" | tee /run/said
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
	row "$unknown" "$where: SystemCallFilter=@system-service" \
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
		profile look-with 'include if exists <abstractions/mseal>' "$all $call"
}

serve() {
	rmmod mseal
	modprobe mseal serve_syscall=1
}

check 'the program that looks is built' build
if [[ -d /sys/module/mseal ]]; then
	by=module
	absent='none ENOENT ENOSYS' closed='none EPERM ENOSYS' denied='none EACCES ENOSYS'
	unknown='module - sealed SIGSYS'
	table module ENOSYS ENOSYS
	check 'the module is loaded to serve the call' serve
	table served ENOSYS sealed
else
	by=kernel
	absent='kernel - sealed' closed=$absent denied=$absent
	unknown='none ENOSYS ENOSYS SIGSYS'
	table kernel sealed sealed
fi
echo end
