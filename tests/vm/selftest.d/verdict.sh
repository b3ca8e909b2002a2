# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What became of a run is told truthfully.

case_exit_0() {
	vm -n -- true
	ended 0 'exit 0'
	said ''
}

case_exit_3() {
	vm -n -- sh -c 'exit 3'
	ended 3 'exit 3'
}

case_programs_own_124_is_no_timeout() {
	vm -n -- sh -c 'exit 124'
	ended 124 'exit 124'
}

case_timeout() {
	vm -n -t 12 -- sh -c 'echo before; sleep 1000'
	ended 124 timeout
}

case_signal() {
	vm -n -- sh -c 'kill -SEGV $$'
	ended 139 'exit 139'
	grep -qx 'vm: killed by SIGSEGV' "$T/err" || fail 'the signal is not named'
}

case_program_missing_in_guest() {
	vm -n -- no-such-command
	ended 125 'died cannot run /bin/no-such-command: No such file or directory'
}

no_more_boots() {
	! grep 'booting it again' "$T/err" || fail 'booted again'
}

# Nothing of ours has run; but twice more is enough.
case_dies_while_booting() {
	MSEAL_VM_APPEND='rdinit=/nowhere' vm -n -- true
	ended 125 'died *'
	[[ $(grep -c 'booting it again' "$T/err") == 2 ]] || fail 'not booted twice more'
}

case_panic() {
	vm -n -- sh -c 'echo before; sleep 1; echo c >/proc/sysrq-trigger; sleep 100'
	ended 125 'died *panic*'
	said before
	no_more_boots
}

# The machine stops for no reason it could give.
case_reset() {
	vm -n -- sh -c 'echo b >/proc/sysrq-trigger; sleep 100'
	ended 125 'died without a result*'
}

case_warning_on_console() {
	vm -n -- sh -c 'echo "WARNING: CPU: 0 PID: 1 at a.c:1 f+0x1/0x2" >/dev/kmsg'
	ended 125 'died WARNING: CPU: 0 PID: 1 at a.c:1 f+0x1/0x2'
}

# A program that leaves the last line of its messages open.
case_verdict_has_its_own_line() {
	vm -n -- sh -c 'printf open >&2'
	ended 0 'exit 0'
	[[ $(tail -n 2 "$T/err" | head -n 1) == open ]] || fail "messages: $(cat "$T/err")"
}

case_leftover_processes_do_not_hold_it_up() {
	vm -n -t 60 -- sh -c 'sleep 1000 & (trap "" TERM HUP; sleep 1000) & exit 4'
	ended 4 'exit 4'
}

# named_child PID NAME: the process that PID started under that name.
named_child() {
	local child list=/proc/$1/task/$1/children children=()
	[[ ! -e $list ]] || mapfile -t -d ' ' children <"$list"
	for child in "${children[@]}"; do
		[[ $(cat "/proc/$child/comm" 2>/dev/null) != "$2"* ]] || printf %s "$child"
	done
}

case_termination_leaves_nothing_behind() {
	local runner guard machine status=0
	"$VM/run" -k "$KERNEL_ROW" -n -- sleep 1000 >"$T/out" 2>"$T/err" &
	runner=$!
	for ((i = 0; i < 300; i++)); do
		guard=$(named_child "$runner" timeout)
		machine=$(named_child "${guard:-0}" qemu-system)
		[[ -z $machine ]] || break
		sleep 0.1
	done
	kill -TERM "$runner"
	[[ $machine ]] || fail 'no machine was started'
	wait "$runner" || status=$?
	((status == 143)) || fail "exit status $status, not 143"
	[[ $(tail -n 1 "$T/err") == 'died interrupted' ]] || fail "$(cat "$T/err")"
	[[ ! -e /proc/$machine ]] || fail 'the machine lives on'
}

# complains / is_calm LINE: what one line of the console is taken for.
complains() {
	[[ $(printf '[    1.500000] %s\r\n' "$1" | awk -f "$VM/lib/splat.awk") == "1	$1" ]] ||
		fail "overlooked: $1"
}

is_calm() {
	[[ -z $(printf '[    1.500000] %s\r\n' "$1" | awk -f "$VM/lib/splat.awk") ]] ||
		fail "false alarm: $1"
}

case_console_lines() {
	local line
	while IFS= read -r line; do
		complains "$line"
	done <"$VM/selftest.d/complaints.txt"
	while IFS= read -r line; do
		is_calm "$line"
	done <"$VM/selftest.d/calm.txt"
	line=$(printf '%s\n' 'stress invoked oom-killer: gfp_mask=0xcc0' 'Call Trace:' ' <TASK>' \
		'WARNING: later' | awk -f "$VM/lib/splat.awk")
	[[ $line == $'4\tWARNING: later' ]] || fail "after an out-of-memory kill: $line"
}
