# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154
# What tests/tools/guest finds mseal watch and report to say of a process that is
# refused.

no_instances() {
	set -- "$tracing"/instances/mseal-*
	[ ! -e "$1" ]
}

# background COMMAND...: what runs while something happens; sets $follower.
background() {
	ran="$*"
	"$@" >out 2>err &
	follower=$!
	until_it_traces
}

until_it_traces() {
	enabled=$tracing/instances/mseal-$follower/events/mseal/mseal_denied/enable
	until grep -qs 1 "$enabled"; do
		sleep 0.1
		kill -0 "$follower" || break
	done
}

# Its last look comes after the signal.
end_of() {
	kill -"$1" "$follower"
	status=0
	wait "$follower" || status=$?
}

watch() {
	start 2
	background mseal watch --json --sealed
	go
	end_of INT
	ends 0
	jq -s "map(select(.pid == $pid))" out >events
	mv events out
	json "map(.verdict) | (map(select(. == \"refused\")) | length) == 6 and
		(map(select(. == \"reported\")) | length) == 2"
	json "map(select(.op == \"unmap\")) | length == 2 and all(
		.comm == \"sealer\" and .start == \"$(page 1)\" and
		.end == \"$(page 2)\" and .types == [\"protect\", \"unmap\", \"remap\", \"discard\"])"
	json "map(.time_us / 1e6) | all(. > $(date +%s) - 600 and . < $(date +%s) + 2)"
	json 'map(.time_us) | . == sort'
	holds "nothing left" no_instances
	stop

	start 1
	background mseal watch --op=protect --pid="$pid" --count=2
	go
	status=0
	wait "$follower" || status=$?
	ends 0
	says "^[0-9:.]+ sealer\[$pid\] refused protect $(page 1)-$(page 2) native by 0x[0-9a-f]+\$"
	holds "two lines" [ "$(wc -l <out)" = 2 ]
	holds "nothing left" no_instances
	stop

	background mseal watch --sealed --op=seal
	start 0
	sleep 0.3
	end_of TERM
	ends 0
	says "sealer\[$pid\] sealed seal $(page 1)-$(page 2) native\$"
	says "sealed seal $(page 2)-$(page 3) freeze,upgrade\$"
	stop
	run mseal watch --time=1 --comm=nobody
	ends 0
	silent

	# One that was killed leaves its instance, which the next one takes away.
	background mseal watch
	end_of KILL
	holds "something left" [ -d "$tracing/instances/mseal-$follower" ]
	run mseal watch --time=1
	ends 0
	holds "nothing left" no_instances
	# Whom it writes to has gone after a line.
	mkfifo reader
	head -n 1 <reader >first &
	mseal watch --json >reader 2>err &
	follower=$!
	until_it_traces
	for _ in 1 2; do
		start 1
		go
		stop
		sleep 0.3
	done
	status=0
	wait "$follower" || status=$?
	cp first out
	ran="mseal watch, with a reader that goes"
	ends 0
	json '.comm == "sealer"'
	holds "nothing left" no_instances
	for format in --json ""; do
		start 1
		# shellcheck disable=SC2086 # one word or none
		background sh -c "exec mseal watch $format >/dev/full"
		go
		status=0
		wait "$follower" || status=$?
		ends 1
		complains "can't write the output"
		stop
	done

	run as_nobody mseal watch
	ends 1
	complains 'are you root'
}

# Nobody reads while more happens than there is room for.
flood() {
	rounds=8000
	for format in --json ""; do
		start $rounds
		# shellcheck disable=SC2086 # one word or none
		background mseal report $format
		kill -STOP "$follower"
		go
		kill -CONT "$follower"
		sleep 1
		end_of INT
		ends 0
		holds "and says so" grep -q '^mseal: events were lost, [1-9]' err
		if [ "$format" ]; then
			json "[.refusals[].count] | add > 0 and add < 4 * $rounds"
			json ".lost > 0 and .lost + ([.refusals[].count] | add) <= 4 * $rounds"
		else
			says '^ +[1-9][0-9]* or more lost'
		fi
		stop
	done
}

# A program that ends with 9 when it is told to, and says where it is.
ends_when_told='trap "exit 9" TERM HUP; echo $$ >there; while :; do sleep 0.1; done'

is_there() {
	until [ -s there ]; do sleep 0.1; done
}

has_ended() {
	! kill -0 "$(cat there)"
}

# What ends the command ends the program first, and that tells how it ended.
signals() {
	for signal in TERM HUP; do
		rm -f there
		background mseal report --json -- sh -c "$ends_when_told"
		is_there
		end_of $signal
		ends 9
		json '.lost == 0'
		holds "the program has ended" has_ended
	done
	# This one it ignores, as what a script starts behind its back does.
	rm -f there
	background mseal report -- sh -c 'echo $$ >there; sleep 2; exit 7'
	is_there
	end_of INT
	ends 7
	rm -f there
	run mseal report --time=1 -- sh -c "$ends_when_told"
	ends 9
	holds "the program has ended" has_ended
	run mseal report --time=1 -- sleep 60
	ends 143
	run mseal report --time=60 -- sh -c 'exit 7'
	ends 7
}

# What a key of the terminal sends reaches both, so the program gets it once.
keys() {
	rm -f there
	cat >program <<-'END'
		trap 'echo told >>told' INT
		echo >there
		for _ in $(seq 40); do sleep 0.1; done
		exit 7
	END
	run sh -c "(until [ -s there ]; do sleep 0.1; done; printf '\003'; sleep 6) |
		/script -qec 'mseal report --output=text -- sh program' /dev/null"
	ends 7
	holds "it is told once" [ "$(cat told)" = told ]
}

# Whoever starts it may ignore the ends of children.
ignored_ends() {
	run timeout 20 /env --ignore-signal=CHLD mseal report -- sh -c 'exit 7'
	ends 7
	run timeout 20 /env --ignore-signal=CHLD mseal report --output=text -- cat /proc/self/status
	ends 0
	says '^SigIgn:[[:space:]][0-9a-f]*[13579bdf][0-9a-f]{4}$'
	run mseal report --output=text -- cat /proc/self/status
	says '^SigIgn:[[:space:]][0-9a-f]*[02468ace][0-9a-f]{4}$'
}

report() {
	signals
	keys
	ignored_ends
	start 3
	background mseal report --json
	go
	sleep 0.3
	end_of INT
	ends 0
	json '.lost == 0'
	json '[.refusals[] | select(.comm == "sealer")] == [
		{count: 6, comm: "sealer", verdict: "refused", op: "protect", object: "/tmp/object"},
		{count: 3, comm: "sealer", verdict: "refused", op: "unmap", object: "/tmp/object"},
		{count: 3, comm: "sealer", verdict: "reported", op: "protect", object: "/tmp/object"}] or
		[.refusals[] | select(.comm == "sealer")] == [
		{count: 6, comm: "sealer", verdict: "refused", op: "protect", object: "/tmp/object"},
		{count: 3, comm: "sealer", verdict: "reported", op: "protect", object: "/tmp/object"},
		{count: 3, comm: "sealer", verdict: "refused", op: "unmap", object: "/tmp/object"}]'
	stop

	flood

	# Of the program and its children, and nobody else.
	start 50
	run mseal report --output=text -- sh -c '
		echo program; (echo; sleep 1) | /sealer 1; echo >&8; sleep 1; exit 7'
	ends 7
	says '^program$'
	mv text out
	says '^ +2 sealer +refused +protect +/tmp/object$'
	says '^ +1 sealer +refused +unmap +/tmp/object$'
	holds "nobody else" [ "$(wc -l <out)" = 4 ]
	stop
	run mseal report -- sh -c 'kill -9 $$'
	ends 137
	run mseal report -- /nothing
	ends 127
	run sh -c 'exec mseal report --output=text -- /nothing 2>/dev/full'
	ends 127
	for format in --json ""; do
		# shellcheck disable=SC2086 # one word or none
		run mseal report $format --output=/dev/full --time=1
		ends 1
		complains "can't write the output"
	done
	run mseal report --time=1
	ends 0
	run as_nobody mseal report -- touch /tmp/started
	ends 1
	complains 'are you root'
	holds "not started" [ ! -e /tmp/started ]
	holds "nothing left" no_instances
}
