#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A boot as usual: sealing is there for everybody, and goes away only in order.
# shellcheck source=/dev/null
. ./lib.sh

parameter=/sys/module/mseal/parameters/new_seals

early() {
	service_active
	local service sysinit
	service=$(property ActiveEnterTimestampMonotonic)
	sysinit=$(systemctl show --value -p ActiveEnterTimestampMonotonic sysinit.target)
	printf '%s %s\n' "$service" "$sysinit"
	((service > 0 && service < sysinit))
}

build_app() {
	# shellcheck disable=SC2046 # words by definition
	{
		cc -o /step/app app.c $(pkg-config --cflags --libs libmseal)
		cc -o /step/app-static app.c -Wl,-Bstatic $(pkg-config --libs libmseal) -Wl,-Bdynamic
	}
	ldd /step/app | grep libmseal.so.1
	no grep -F libmseal.so /step/app-static
	as_user /step/app
	as_user /step/app-static
}

# The kernel's own preparations for what a user may then do.
suite_passes() {
	printf 16 >/proc/sys/vm/nr_hugepages
	as_user /usr/libexec/mseal/mseal-test | tee /run/mseal-test
	printf 0 >/proc/sys/vm/nr_hugepages
}

# Whatever is skipped was expected to be, and the other way round.
skips_expected() {
	diff <(grep -v '^#' skipped) <(sed -n 's/^skipped //p' /run/mseal-test | sort)
}

new_seals_stop() {
	printf 0 >"$parameter"
	ends 2 as_user /step/app
}

held() {
	holds
	no rmmod mseal
	systemctl stop mseal.service
	loaded
	holds
}

drained() {
	let_go
	unload
	no loaded
}

loads_again() {
	start_anew
	service_active
	as_user /step/app
	unload
}

# The service and the command name the way back, and it is one, even if DKMS has
# forgotten the module.
not_installed() {
	local release version mend
	release=$(uname -r)
	version=$(dpkg-query -W -f '${Version}' mseal-dkms)
	mend="dkms install mseal/$version -k $release"
	dkms remove "mseal/$version" --all
	fails_saying "though its headers are installed; run: $mend, which says why"
	ends 1 mseal status
	grep "though its headers are installed; run: $mend, which says why" /run/said
	$mend
	loads_again
}

# An administrator who has turned function tracing off.
no_ftrace() {
	printf 0 >/proc/sys/kernel/ftrace_enabled
	fails_saying 'the module refused to load: '
	printf 1 >/proc/sys/kernel/ftrace_enabled
	loads_again
}

locked_down() {
	printf integrity >/sys/kernel/security/lockdown
	fails_saying 'locked down'
}

signatures() {
	printf 1 >/sys/module/module/parameters/sig_enforce
	fails_saying 'module.sig_enforce=1'
}

no_modules() {
	printf 1 >/proc/sys/kernel/modules_disabled
	fails_saying 'kernel.modules_disabled=1'
}

check 'the service is active before sysinit.target is' early
check 'a unit that requires it starts' requirer
check 'programs built with pkg-config seal, linked both ways' build_app
# Whether seals hold is tested elsewhere at length; here, whether they are there.
export MSEAL_TEST_SCALE=0.1
check 'mseal-test passes as an ordinary user' suite_passes
grep -E '^skipped |^[0-9]+ cases ' /run/mseal-test | sed 's/^/| /'
check 'it skips what an ordinary user can not try, and nothing else' skips_expected
check 'a process holds a seal' hold
check 'new_seals=0: no new seals' new_seals_stop
check 'new_seals=0: the old seal holds, rmmod is refused, stop unloads nothing' held
check 'the process ends, rmmod succeeds' drained
check 'the service loads it again' loads_again
check 'module not installed: the service names what installs it' not_installed
check 'ftrace off: the service gives the reason of the module' no_ftrace
check 'lockdown, unsigned module: the service says so' locked_down
check 'signatures enforced, unsigned module: the service says so' signatures
check 'modules disabled: the service says so' no_modules
echo end
