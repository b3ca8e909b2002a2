# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the steps in the guest: checks and what they ask often.

export DEBIAN_FRONTEND=noninteractive LC_ALL=C
log=/step/log

# check TEXT COMMAND...: one line, and the command's output only if it fails; the
# host gets all of it on a line of its own, as it comes.
check() {
	local text=$1 start=$SECONDS
	shift
	printf '== %s\n' "$text" >/dev/ttyS2
	(
		set -euo pipefail
		"$@"
	) 2>&1 | tee "$log" >/dev/ttyS2
	case ${PIPESTATUS[0]} in
	0) printf 'pass %s (%d s)\n' "$text" $((SECONDS - start)) ;;
	*)
		printf 'fail %s (%d s)\n' "$text" $((SECONDS - start))
		tail -n 25 "$log" | sed 's/^/| /'
		;;
	esac
}

no() {
	! "$@"
}

is() {
	[[ $1 == "$2" ]] || {
		printf 'is: %s\nexpected: %s\n' "$1" "$2"
		return 1
	}
}

# ends STATUS COMMAND...: what it says is in /run/said.
ends() {
	local expected=$1 status=0
	shift
	"$@" >/run/said 2>&1 || status=$?
	cat /run/said
	is "$status" "$expected"
}

as_user() {
	timeout 1800 setpriv --reuid=user --regid=user --clear-groups -- "$@"
}

property() {
	systemctl show --value -p "$1" mseal.service
}

loaded() {
	[[ -d /sys/module/mseal && -c /dev/mseal ]]
}

service_active() {
	is "$(property ActiveState)" active
	is "$(property Result)" success
	loaded
}

# What users are told of the last start; the journal gets it a moment later.
message() {
	local said=
	for _ in {1..50}; do
		said=$(systemctl status -l --no-pager mseal.service |
			sed -n 's/^.* mseal\[[0-9]*\]: //p') || true
		[[ -z $said ]] || break
		sleep 0.2
	done
	printf '%s\n' "$said"
}

# start_anew: however many starts there were a moment ago.
start_anew() {
	systemctl reset-failed mseal.service
	systemctl restart mseal.service
}

# fails_saying TEXT: a start fails, and its one line has TEXT in it.
fails_saying() {
	local said
	no start_anew
	is "$(property ActiveState)" failed
	said=$(message)
	printf 'said: %s\n' "$said"
	[[ $said == *"$1"* && $said != *$'\n'* ]]
	no loaded
}

# apt_get ARGUMENT...: with a copy of what it says.
apt_get() {
	apt-get -y -o Dpkg::Use-Pty=0 "$@" 2>&1 | tee /run/apt.log
}

# not_built RELEASE: DKMS knows the module, and has built none for that kernel.
not_built() {
	local status
	status=$(dkms status mseal -k "$1")
	printf '%s\n' "$status"
	[[ $status == mseal/*': added' && $status != *$'\n'* ]]
}

# hooks_end_well RELEASE: what apt runs when headers or a kernel arrive, and DKMS
# does get to work.
hooks_end_well() {
	local hook
	for hook in header_postinst.d postinst.d; do
		"/etc/kernel/$hook/dkms" "$1" | tee /run/hook.log
		grep 'running auto installation service' /run/hook.log
	done
}

# unload: the last seal goes with a work item, a moment after its process.
unload() {
	for _ in {1..50}; do
		if rmmod mseal 2>/dev/null; then
			return
		fi
		sleep 0.2
	done
	rmmod mseal
}

# requirer: a unit that must not run unsealed.
requirer() {
	printf '%s\n' '[Unit]' Requires=mseal.service After=mseal.service '[Service]' \
		Type=oneshot 'ExecStart=/bin/true' >/run/systemd/system/requirer.service
	systemctl daemon-reload
	systemctl start requirer.service
}

# A process of the user that holds a seal and tries to get rid of it when asked.
# Its ends of the pipes are open in every check.
mkfifo /run/ask /run/answer
exec 7<>/run/ask 8<>/run/answer

answer() {
	local line
	read -r -t 60 line <&8
	is "$line" "$1"
}

hold() {
	setpriv --reuid=user --regid=user --clear-groups /step/app hold <&7 >&8 2>&1 &
	printf '%s\n' $! >/run/holder
	answer sealed
}

holds() {
	echo >&7
	answer refused
}

let_go() {
	kill "$(</run/holder)"
}

# Every file but those that change by themselves.
files() {
	find / -xdev \( -path /tmp -o -path /var/tmp -o -path /root -o -path /var/log \
		-o -path /var/cache/apt -o -path /var/cache/ldconfig -o -path /var/lib/apt \) \
		-prune -o -print |
		LC_ALL=C sort
}
