#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The packages come to a Debian that never heard of them.
# shellcheck source=/dev/null
. ./lib.sh

native=$(cd /lib/modules && printf %s 6.12.*)
cloud=$(uname -r | sed 's/-amd64$/-cloud-amd64/')

apt_install() {
	apt_get install mseal-dkms libmseal-dev mseal mseal-tests
	dpkg --audit
	is "$(dpkg-query -W -f '${db:Status-Abbrev}' mseal-dkms libmseal1 libmseal-dev mseal mseal-tests)" \
		'ii ii ii ii ii '
}

built() {
	dkms status mseal
	dkms status mseal -k "$(uname -r)" | grep ': installed'
	modinfo -n mseal | grep "/$(uname -r)/updates/dkms/"
}

skipped() {
	sed -n "/^Building initial module for $native/,\$p" /run/apt.log | grep -x 'Skipped\.'
	not_built "$native"
}

native_hooks() {
	hooks_end_well "$native"
	not_built "$native"
}

# A kernel of the right line, built without what the module needs.
other_config() {
	mkdir -p /lib/modules/6.1.0-other/build/include
	grep -v '^CONFIG_UPROBES=' "/lib/modules/$(uname -r)/build/.config" \
		>/lib/modules/6.1.0-other/build/.config
	hooks_end_well 6.1.0-other
	not_built 6.1.0-other
	rm -r /lib/modules/6.1.0-other
}

# DKMS says that there are no headers, and that is no error.
kernel_without_headers() {
	apt_get install "linux-image-$cloud"
	grep 'headers for this kernel do not seem to be installed' /run/apt.log
	dpkg --audit
}

files >/root/before
check 'apt reads the local repository' apt-get update
check 'apt installs the packages' apt_install
check "DKMS builds and installs the module for $(uname -r)" built
check "DKMS skips $native, whose headers are there" skipped
check "the hooks of a kernel's packages end 0 for $native" native_hooks
check 'and for a kernel without an option that it needs' other_config
check 'the service is enabled' systemctl is-enabled mseal.service
check 'the service is active, the module loaded' service_active
check 'a kernel without headers arrives: apt ends 0' kernel_without_headers
echo end
