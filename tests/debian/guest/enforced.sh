#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module.sig_enforce=1 at boot, as Secure Boot has it: what DKMS has built isn't signed
# by a key that the kernel trusts.
# shellcheck source=/dev/null
. ./lib.sh

key=/var/lib/dkms/mok.pub
none='DKMS has none[:,] install openssl and build the module again'

# With openssl DKMS would have made a key.
service_says() {
	is "$(property ActiveState)" failed
	no [ -e "$key" ]
	message | grep -E "module.sig_enforce=1\\); $none\$"
	touch "$key"
	fails_saying "module.sig_enforce=1); enrol DKMS's key: mokutil --import $key"
	rm "$key"
	no loaded
}

refused() {
	no modprobe mseal 2>/run/error
	grep -E 'Key was rejected|key not available' /run/error
	no loaded
}

status_says() {
	ends 1 mseal status
	grep -E "only modules signed by a key it trusts .*: $none\$" /run/said
	touch "$key"
	ends 1 mseal status
	grep "only modules signed by a key it trusts .*: mokutil --import $key\$" /run/said
}

check 'the service fails and names what to do' service_says
check 'modprobe is refused' refused
check 'mseal status says why, and how to mend it; it ends 1' status_says
echo end
