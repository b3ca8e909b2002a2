#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A second 6.1 comes with its headers: DKMS builds for it by itself.
# shellcheck source=/dev/null
. ./lib.sh

release=$(cd /srv/repository && printf '%s\n' linux-headers-6.1.*-cloud-amd64_*.deb | sort -V | head -n 1)
release=${release#linux-headers-}
release=${release%%_*}

arrives() {
	apt_get install "linux-image-$release" "linux-headers-$release"
	dpkg --audit
}

built() {
	dkms status -m mseal -k "$release" | grep ': installed'
	modinfo -k "$release" -n mseal | grep "/$release/updates/dkms/"
}

goes() {
	apt_get purge "linux-image-$release" "linux-headers-$release"
	is "$(dkms status -m mseal -k "$release" | grep -c ': installed' || true)" 0
	dkms status -m mseal -k "$(uname -r)" | grep ': installed'
}

check "$release arrives with its headers: apt ends 0" arrives
check 'DKMS has built the module for it' built
check 'it goes: the module for the other stays' goes
echo end
