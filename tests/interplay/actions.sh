# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016
# What is done with a program, sealed or not: a function for each row. Each prints
# what of the outcome is the same from run to run. PRELOAD is empty or seals.

HOME=/tmp
DIR=/interplay
NOTE=/tmp/sealed

# sealed PROGRAM...: only the program itself has the preload, no tool around it.
sealed() {
	env "LD_PRELOAD=$PRELOAD" "SEAL_ALL_LOG=$NOTE" "$@"
}

# with_object OBJECT PROGRAM...: the object is there from the start, as well.
with_object() {
	local object=$1
	shift
	env "LD_PRELOAD=$PRELOAD $object" "SEAL_ALL_LOG=$NOTE" "$@"
}

# debug MODE COMMAND...: target in the debugger, stopped in main(), so sealed.
debug() {
	local mode=$1 command arguments=()
	shift
	for command; do
		arguments+=(-ex "$command")
	done
	gdb -nx -batch -iex 'set debuginfod enabled off' \
		-ex 'set startup-with-shell off' -ex "set environment LD_PRELOAD $PRELOAD" \
		-ex "set environment SEAL_ALL_LOG $NOTE" -ex 'tbreak main' -ex "run $mode" \
		"${arguments[@]}" "$DIR/target" 2>&1
}

# look CORE COMMAND...: into a core file of target.
look() {
	local core=$1 command arguments=()
	shift
	for command; do
		arguments+=(-ex "$command")
	done
	gdb -nx -batch -iex 'set debuginfod enabled off' "${arguments[@]}" "$DIR/target" "$core" 2>&1
}

# start_waiting: target waits in a session of its own, its output in waiting.out.
start_waiting() {
	rm -f ready
	sealed setsid "$DIR/target" wait ready </dev/null >waiting.out 2>&1 &
	for _ in {1..100}; do
		[[ ! -s ready ]] || break
		sleep 0.2
	done
	WAITING=$(<ready)
}

wake_waiting() {
	kill -USR1 "$WAITING"
	for _ in {1..100}; do
		[[ -d /proc/$WAITING ]] || break
		sleep 0.2
	done
	cat waiting.out
}

act_probe() {
	sealed "$DIR/target" probe
}

act_gdb_breakpoint() {
	debug work 'break work' continue delete continue |
		grep -oE '^Breakpoint 2, work|^worked: .*|exited normally'
}

act_gdb_call() {
	debug work 'print work(8)' continue | grep -E '^(\$1|worked)'
}

# The ways of a debugger to change what it looks at.
act_gdb_write() {
	debug work 'set variable *(char *)work = 0x90' 'print/x *(unsigned char *)work' |
		grep '^\$1'
}

act_gcore() {
	start_waiting
	gcore -o core "$WAITING" >gcore.log 2>&1
	look "core.$WAITING" 'print number' 'x/1i work' | grep -oE '^\$1.*|<work.*>:'
	kill "$WAITING"
}

act_core_dump() {
	ulimit -c unlimited
	printf /tmp/dumped >/proc/sys/kernel/core_pattern
	printf 0 >/proc/sys/kernel/core_uses_pid
	rm -f dumped
	sealed "$DIR/target" crash
	printf 'status %d\n' $?
	look dumped 'print number' backtrace | grep -oE '^\$1.*|in run_crash'
}

act_strace() {
	strace -o trace -a 1 -e trace=write -E "LD_PRELOAD=$PRELOAD" \
		-E "SEAL_ALL_LOG=$NOTE" "$DIR/target" work
	grep -F worked trace
}

act_perf_record() {
	perf record -q -e cpu-clock -o perf.data -- \
		env "LD_PRELOAD=$PRELOAD" "SEAL_ALL_LOG=$NOTE" "$DIR/target" work 20000000
	perf report --stdio -i perf.data -F symbol 2>/dev/null | grep -owE work | sort -u
}

# trace_work on|off: the function's address in the file is where the probe goes.
trace_work() {
	local events=/sys/kernel/tracing
	if [[ $1 == on ]]; then
		printf 'p:mine/work %s/target:%#x\n' "$DIR" \
			"$((16#$(sed -n 's/ T work$//p' "$DIR/target.nm")))" >"$events/uprobe_events"
		: >"$events/trace"
		printf 1 >"$events/events/mine/work/enable"
	else
		printf 0 >"$events/events/mine/work/enable"
		printf 'hits: %s\n' "$(grep -c ' work: ' "$events/trace")"
		: >"$events/uprobe_events"
	fi
}

act_uprobe_before() {
	trace_work on
	sealed "$DIR/target" work 6
	trace_work off
}

act_uprobe_attached() {
	start_waiting
	trace_work on
	wake_waiting | grep worked
	trace_work off
}

act_valgrind() {
	sealed_inside valgrind -q --error-exitcode=9 --trace-children=yes work
}

act_valgrind_finds() {
	sealed_inside valgrind --trace-children=yes overflow | grep overflowed
	grep -oE 'Invalid write of size 1' errors | head -n 1
}

# sealed_inside TOOL OPTION... MODE: the tool runs env, which runs target.
sealed_inside() {
	"${@:1:$#-1}" env "LD_PRELOAD=$PRELOAD" "SEAL_ALL_LOG=$NOTE" "$DIR/target" "${!#}" 2>errors
	printf 'status %d\n' $?
}

act_asan() {
	sealed "$DIR/target-asan" work
}

act_asan_finds() {
	sealed "$DIR/target-asan" overflow 2>&1 | grep -oE 'AddressSanitizer: heap-[a-z-]*' | head -n 1
}

act_go() {
	sealed "$DIR/work-go"
}

act_go_static() {
	sealed "$DIR/work-go-static"
}

act_jvm() {
	sealed java -cp "$DIR" Work
}

act_node() {
	sealed node "$DIR/work.js"
}

act_luajit() {
	sealed luajit "$DIR/work.lua"
}

act_dlopen_loop() {
	sealed "$DIR/target" objects 20 "$DIR/plain.so"
}

act_dlclose_sealed() {
	sealed "$DIR/target" objects 20 "$DIR/${PRELOAD:+self-}plain.so"
}

act_textrel_start() {
	with_object "$DIR/notext.so" "$DIR/target" objects 1 "$DIR/notext.so"
}

act_textrel_dlopen() {
	sealed "$DIR/target" objects 20 "$DIR/notext.so"
}

act_execstack_start() {
	with_object "$DIR/execstack.so" "$DIR/target" objects 1 "$DIR/execstack.so"
}

act_execstack_dlopen() {
	sealed "$DIR/target" objects 1 "$DIR/execstack.so"
}
