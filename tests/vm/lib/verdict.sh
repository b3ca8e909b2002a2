# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
# What became of a run, told by the console, the result line and the clock, in
# this order: a kernel that complained is at fault whatever the program says.

complaints() {
	awk -f "$VM/lib/splat.awk" "$RUN/console.log"
}

# Shown on failure, so that a log of this run alone is enough to go by.
show_console() {
	say "console: $RUN/console.log, it ends with"
	tail -n "$1" "$RUN/console.log" | tr -d '\r' | sed 's/^/vm:   /' >&2
}

# A program may have ended its messages without a newline; what we say next
# starts on a line of its own all the same.
end_line() {
	if [[ -s $RUN/stderr && $(tail -c 1 "$RUN/stderr" | od -An -tx1) != *0a* ]]; then
		printf '\n' >&2
	fi
}

# conclude STATUS LINE...: the last word.
conclude() {
	local status=$1
	shift
	printf '%s\n' "$*" >&2
	return "$status"
}

# The verdict for a guest that ended by itself with a result line.
program_ended() {
	local kind status name
	read -r kind status name <"$RUN/result.log"
	case $kind in
	exit) conclude "$status" "exit $status" ;;
	signal)
		say "killed by SIG$name"
		conclude "$status" "exit $status"
		;;
	*) conclude "$EXIT_DIED" "died $status $name" ;;
	esac
}

verdict() {
	local complaint
	end_line
	complaint=$(complaints | head -n 1)
	if [[ $complaint ]]; then
		show_console 60
		conclude "$EXIT_DIED" "died $complaint"
	elif ((MACHINE_STATUS == 124 || MACHINE_STATUS == 137)); then
		show_console 20
		conclude "$EXIT_TIMEOUT" timeout
	elif [[ $(tail -c 1 "$RUN/result.log" | od -An -tx1) == *0a* ]]; then
		program_ended
	else
		show_console 20
		tail -n 5 "$RUN/qemu.log" >&2
		conclude "$EXIT_DIED" "died without a result (machine status $MACHINE_STATUS)"
	fi
}
