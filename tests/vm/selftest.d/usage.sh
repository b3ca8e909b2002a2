# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Wrong calls are refused before anything is booted.

# misused ARGUMENT...
misused() {
	vm "$@"
	[[ $STATUS == 2 ]] || fail "exit status $STATUS, not 2, for: $*"
	[[ $LAST == vm:*'(try --help)' ]] || fail "no hint at --help, for: $*"
	[[ ! -s $T/out ]] || fail "something on stdout, for: $*"
}

case_usage() {
	misused
	misused -n --
	misused -x -- true
	misused -k no-such-row -- true
	misused -i -c 2 -- true
	misused -c 0 -- true
	misused -c two -- true
	misused -t 0 -- true
	misused -t 1.5 -- true
	misused -p -- true
	misused -p valueless -- true
	misused -p 'a=b c=d' -- true
	misused -n -p a=b -- true
	misused -n -f /no/such/file -- true
	misused -n -- /no/such/program
	misused -n -- "$T"
	misused -n -m no_such_module -- true
	misused -t
}

case_help() {
	STATUS=0
	"$VM/run" --help >"$T/out" 2>"$T/err" || STATUS=$?
	[[ $STATUS == 0 && ! -s $T/err ]] || fail "status $STATUS, $(cat "$T/err")"
	grep -q '^usage: ' "$T/out" || fail 'no usage line'
}
