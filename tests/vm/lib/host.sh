# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What the runner says, how it gives up, and the host packages it leans on.

EXIT_USAGE=2
EXIT_TIMEOUT=124
EXIT_DIED=125

say() {
	printf 'vm: %s\n' "$*" >&2
}

usage_error() {
	CONCLUDED=1
	printf 'vm: %s (try --help)\n' "$*" >&2
	exit "$EXIT_USAGE"
}

# The run can't be judged: not the program's fault, so not its exit status.
die() {
	printf 'died %s\n' "$*" >&2
	exit "$EXIT_DIED"
}

# Runs a command, its output in a log that is shown only if it fails.
quietly() {
	local log=$1
	shift
	if ! "$@" >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		return 1
	fi
}

# need COMMAND-OR-FILE PACKAGE...: notes the packages if the first is absent.
MISSING=()
need() {
	local what=$1
	shift
	if [[ $what == /* ]]; then
		[[ -e $what ]] || MISSING+=("$@")
	else
		command -v "$what" >/dev/null || MISSING+=("$@")
	fi
}

install_missing() {
	local log
	((${#MISSING[@]})) || return 0
	((EUID == 0)) || die "host lacks packages, install them as root: ${MISSING[*]}"
	say "installing ${MISSING[*]}"
	log=$(mktemp)
	quietly "$log" "$TOP/tests/need" "${MISSING[@]}" || die "cannot install ${MISSING[*]}"
	rm -f "$log"
	MISSING=()
}

# with_lock FILE COMMAND...: one at a time among all runs.
with_lock() {
	local file=$1 lock
	shift
	exec {lock}>"$file"
	flock -n "$lock" || {
		say "waiting for another run (${file##*/})"
		flock "$lock"
	}
	"$@"
	exec {lock}>&-
}

# temporary DIR: a new directory in DIR that doesn't outlive this run.
temporary() {
	mktemp -d "$1/.run-$$-XXXXXX"
}

# Also of runs that were killed.
remove_temporaries() {
	local dir pid
	for dir in "$CACHE"/unpacked/.run-*; do
		pid=${dir##*/.run-}
		pid=${pid%%-*}
		if [[ -d $dir && ($pid == "$$" || ! -d /proc/$pid) ]]; then
			rm -rf "$dir"
		fi
	done
}
