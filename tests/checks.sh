# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
# For scripts that report a line per check and end with their sum. Who sources this
# has set WORK.

PASSED=0
FAILED=0

pass() {
	printf 'pass  %s\n' "$*"
	PASSED=$((PASSED + 1))
}

fail() {
	printf 'fail  %s\n' "$*"
	FAILED=$((FAILED + 1))
}

# check TEXT COMMAND...: one line; the command's output only if it fails. It is no
# condition of an if, where a function would go on after a failure.
check() {
	local text=$1 status
	shift
	set +e
	(
		set -euo pipefail
		"$@"
	) >"$WORK/log" 2>&1 </dev/null
	status=$?
	set -e
	if ((status == 0)); then
		pass "$text"
	else
		fail "$text"
		tail -n 40 "$WORK/log" | sed 's/^/      | /'
	fi
}

# The sum, in the words that tests/check adds up; its status is the script's.
sum_up() {
	printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
	((FAILED == 0 && PASSED > 0))
}
