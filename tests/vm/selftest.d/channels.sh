# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016,SC2034
# Output, messages, arguments and files travel unchanged.

# Every byte, many times over, longer than any buffer on the way.
blob() {
	head -c "$1" /dev/urandom
	LC_ALL=C awk 'BEGIN { for (i = 0; i < 256; i++) printf "%c", i }'
	printf '\r\n\r\n\n\004\021\023\032'
}

case_bytes_are_exact_and_apart() {
	blob 50000 >"$T/a"
	{
		blob 40000
		echo
	} >"$T/b"
	vm -n -f "$T/a" -f "$T/b:sub/dir/c" -- sh -c 'cat /a & cat /sub/dir/c >&2; wait'
	ended 0 'exit 0'
	cmp "$T/a" "$T/out" || fail 'output differs'
	tail -c $(($(stat -c %s "$T/b") + 7)) "$T/err" | head -c -7 | cmp "$T/b" - ||
		fail 'messages differ'
}

case_slow_reader_loses_nothing() {
	blob 300000 >"$T/a"
	"$VM/run" -k "$KERNEL_ROW" -n -f "$T/a" -- cat /a 2>"$T/err" | {
		dd bs=1 count=1 status=none
		sleep 8
		cat
	} >"$T/out"
	cmp "$T/a" "$T/out" || fail 'output differs'
}

case_output_comes_as_it_is_made() {
	local line start=$SECONDS
	exec {pipe}< <("$VM/run" -k "$KERNEL_ROW" -n -- sh -c 'echo first; sleep 25' 2>"$T/err")
	read -r -u "$pipe" line
	[[ $line == first ]] || fail "read '$line'"
	cat <&"$pipe" >/dev/null
	((SECONDS - start >= 25)) || fail 'the program did not sleep'
	[[ $(find "$T/err" -newermt '-20 seconds' -size +0) ]] || fail 'no verdict'
}

case_arguments_are_exact() {
	printf '#!/bin/sh\nprintf "<%%s>" "$@"\n' >"$T/script"
	vm -n -- "$T/script" 'a  b' '' "it's" '"q" $HOME *' $'tab\tnewline\n' -- -n
	ended 0 'exit 0'
	said "<a  b><><it's><\"q\" \$HOME *><"$'tab\tnewline\n'"><--><-n>"
}

case_environment_and_stdin() {
	MSEAL_VM_ENV='A=1 B=two' vm -n -- sh -c 'echo "$A $B $HOME $PWD"; cat; id -u'
	ended 0 'exit 0'
	said $'1 two /tmp /tmp\n0'
}

case_two_at_once() {
	local first
	"$VM/run" -k "$KERNEL_ROW" -n -- sh -c 'echo one; exit 5' >"$T/one" 2>&1 &
	first=$!
	vm -n -- sh -c 'echo two; exit 6'
	ended 6 'exit 6'
	said two
	STATUS=0
	wait "$first" || STATUS=$?
	LAST=$(tail -n 1 "$T/one")
	ended 5 'exit 5'
	grep -qx one "$T/one" || fail 'the other run said nothing'
}

case_logs_stay_and_waste_goes() {
	local run top
	top=$(cd "$VM/../.." && pwd)
	vm -n -- sh -c 'echo out; echo mark >/dev/kmsg'
	ended 0 'exit 0'
	run=${BUILD:-$top/build}/vm/$KERNEL_ROW-latest
	grep -q '\] mark' "$run/console.log" || fail 'no console log'
	[[ $(cat "$run/stdout") == out ]] || fail 'no copy of the output'
	[[ -z $(find "$run/" -name '*.cpio' -o -name '*.pipe' -o -name root) ]] || fail 'waste is left'
}
