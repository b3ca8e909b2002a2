# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# What tests/tools/guest finds mseal run --syscall to do, where the module serves the
# call and where it doesn't.

seccomp_is() {
	says "^Seccomp:[[:space:]]$1\$"
	! grep -q Seccomp_filters: out || says "^Seccomp_filters:[[:space:]]$2\$"
}

# refuses_to_serve PATTERN: and the program isn't run.
refuses_to_serve() {
	run mseal run --syscall touch started
	ends 126
	silent
	complains "system call 462 isn't served: .*$1"
	holds "not started" [ ! -e started ]
}

serving() {
	# What a process may still gain, and how it speculates.
	echo 'grep -E "^(NoNewPrivs|Cap[A-Z].*|Speculation.*):" /proc/self/status' >state
	run /caller
	ends 3
	for program in /caller 'sh -c "exec /caller"' 'sh -c "/caller & wait \$!"'; do
		run sh -c "mseal run --syscall -- $program"
		ends 0
		run su nobody -s /bin/sh -c "mseal run --syscall -- $program"
		ends 0
	done
	run env LD_PRELOAD=/strict.so mseal run --syscall true
	ends 0
	run mseal run --syscall cat /proc/self/status
	seccomp_is 2 1
	says '^NoNewPrivs:[[:space:]]0$'
	sh state >before
	mseal run --syscall sh state >after
	ran='mseal run --syscall'
	holds "nothing but the filter changes" cmp before after
	holds "it looks at something" [ "$(grep -cE '^(NoNewPrivs|Speculation)' before)" -ge 2 ]

	# Who has no right to a filter gives up another.
	run as_nobody mseal run --syscall cat /proc/self/status
	seccomp_is 2 1
	says '^NoNewPrivs:[[:space:]]1$'
	as_nobody sh state | sed 's/^\(NoNewPrivs:.*\)0$/\11/' >before
	as_nobody mseal run --syscall sh state >after
	holds "nothing but that changes" cmp before after
	run mseal run --syscall mseal run --syscall cat /proc/self/status
	seccomp_is 2 1

	mv /dev/mseal /dev/elsewhere
	run mseal run --syscall /caller
	ends 0
	mv /dev/elsewhere /dev/mseal
	echo 0 >"$parameters/new_seals"
	refuses_to_serve 'new seals are stopped'
	echo 1 >"$parameters/new_seals"
}
