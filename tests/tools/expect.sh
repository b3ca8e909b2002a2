# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the scripts here say of a command, on the host and in the guest's busybox.
# It runs once, and what it prints and how it ends is then asked for.

passed=0 failed=0

# run COMMAND...: leaves its output in ./out and ./err, its end in $status.
run() {
	ran=$*
	status=0
	"$@" >out 2>err </dev/null || status=$?
}

# verdict TRUTH WHAT
verdict() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	printf 'FAILED: %s: not so: %s (it ended %s)\n' "$ran" "$2" "$status"
	sed 's/^/    /' out err | head -n 20
}

ends() {
	[ "$status" = "$1" ]
	verdict $? "ends $1"
}

# says PATTERN: a line of its output has it, as an extended regular expression.
says() {
	grep -qE -- "$1" out
	verdict $? "says $1"
}

silent() {
	[ ! -s out ]
	verdict $? "prints nothing"
}

# complains PATTERN: in one line, that begins with the program's name.
complains() {
	[ "$(wc -l <err)" -eq 1 ] && grep -qE -- "^mseal: .*$1" err
	verdict $? "complains $1"
}

# json FILTER: the output is JSON, and jq's filter holds for it.
json() {
	jq -es ".[0] | $1" out >/dev/null 2>&1
	verdict $? "JSON with $1"
}

# holds WHAT COMMAND...
holds() {
	what=$1
	shift
	"$@"
	verdict $? "$what"
}

sum() {
	printf '%s passed, %s failed\n' "$passed" "$failed"
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
