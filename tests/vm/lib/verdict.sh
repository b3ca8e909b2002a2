# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153
# What became of a run, told by the console, the result line and the clock, in
# this order: a kernel that complained is at fault whatever the program says.

complaints() {
	awk -f "$VM/lib/splat.awk" "$RUN/console.log"
}

# cause COMPLAINTS: the first that says something; scissors only announce it.
cause() {
	{
		grep -v '\[ cut here ]' <<<"$1" || printf '%s\n' "$1"
	} | sed -n '1s/^[0-9]*\t//p'
}

# console_from LINE: part of the console, so that the messages of a failed run
# alone are enough to go by.
console_from() {
	say "console: $RUN/console.log, from line $1"
	tail -n "+$1" "$RUN/console.log" | head -n 80 | tr -d '\r' | sed 's/^/vm:   /' >&2 || true
}

console_end() {
	local lines
	lines=$(wc -l <"$RUN/console.log")
	console_from $((lines > 20 ? lines - 20 : 1))
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
	CONCLUDED=1
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
	local found line
	end_line
	found=$(complaints)
	if [[ $found ]]; then
		line=${found%%$'\t'*}
		console_from $((line > 5 ? line - 5 : 1))
		conclude "$EXIT_DIED" "died $(cause "$found")"
	elif ((MACHINE_STATUS == 124 || MACHINE_STATUS == 137)); then
		console_end
		conclude "$EXIT_TIMEOUT" timeout
	elif [[ $(tail -c 1 "$RUN/result.log" | od -An -tx1) == *0a* ]]; then
		program_ended
	else
		console_end
		tail -n 5 "$RUN/qemu.log" >&2
		conclude "$EXIT_DIED" "died without a result (machine status $MACHINE_STATUS)"
	fi
}
