#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The drop-ins that the package has as examples, for nginx and sshd.
# shellcheck source=/dev/null
. ./lib.sh

examples=/usr/share/doc/mseal/examples

# drop_in UNIT POLICY: puts the example where its comment says. Its command must still
# be the unit's own, behind ours.
drop_in() {
	local own
	own=$(sed -n 's/^ExecStart=//p' "/lib/systemd/system/$1.service")
	grep -xF "ExecStart=/usr/bin/mseal run --auto=$2 -- $own" "$examples/$1.service.d.conf"
	install -D -m 644 "$examples/$1.service.d.conf" "/etc/systemd/system/$1.service.d/mseal.conf"
	systemctl daemon-reload
	systemctl start "$1"
}

# code_sealed PROGRAM PID...: every executable mapping of it is.
code_sealed() {
	local program=$1 pid
	shift
	(($#))
	for pid in "$@"; do
		mseal show "$pid" >"/run/shown"
		grep -E " r-x[ps] .*native.* $program\$" /run/shown
		no grep -E " r-x[ps] +- +$program\$" /run/shown
	done
}

nginx_sealed() {
	drop_in nginx enforce
	# shellcheck disable=SC2046 # a list of numbers
	code_sealed /usr/sbin/nginx $(pgrep -x nginx)
}

nginx_serves() {
	exec 5<>/dev/tcp/127.0.0.1/80
	printf 'GET / HTTP/1.0\r\n\r\n' >&5
	head -n 1 <&5 | grep '200 OK'
	systemctl reload nginx
	systemctl stop nginx
	is "$(systemctl show --value -p Result nginx)" success
}

ssh_sealed() {
	drop_in ssh try
	code_sealed /usr/sbin/sshd "$(systemctl show --value -p MainPID ssh)"
}

# The server executes itself again for each connection, and filters its calls.
ssh_serves() {
	install -d -m 700 /root/.ssh
	ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/key
	cp /root/.ssh/key.pub /root/.ssh/authorized_keys
	is "$(ssh -i /root/.ssh/key -o BatchMode=yes -o StrictHostKeyChecking=no root@127.0.0.1 \
		'echo in; cat /proc/self/environ | tr "\0" "\n" | grep -c ^LD_PRELOAD || true')" $'in\n0'
}

# No seals, no server; but one that lets the administrator in.
not_unsealed() {
	printf 0 >/sys/module/mseal/parameters/new_seals
	systemctl restart ssh
	is "$(systemctl is-active ssh)" active
	no systemctl start nginx
	systemctl show -p ExecStart nginx | grep 'status=126'
	no pgrep -x nginx
	printf 1 >/sys/module/mseal/parameters/new_seals
}

# Whoever removes the package stops its service; nobody is to be locked out by that.
runs_on() {
	systemctl stop mseal.service
	is "$(systemctl is-active ssh)" active
	systemctl start mseal.service
}

check 'nginx starts with the drop-in, its code sealed' nginx_sealed
check 'it serves, reloads and stops' nginx_serves
check 'sshd starts with the drop-in, its code sealed' ssh_sealed
check 'a login works, and is not preloaded' ssh_serves
check 'sshd runs on when the service mseal is stopped' runs_on
check 'without new seals nginx does not start, status 126, and sshd does' not_unsealed
echo end
