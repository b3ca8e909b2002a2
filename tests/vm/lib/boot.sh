# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153
# The machine: its command line, its start, its end.

# What a kernel under test must do when something is wrong: stop at once.
STRICT=(panic=-1 oops=panic panic_on_warn=1 softlockup_panic=1 hung_task_panic=1)

refresh_tsc() {
	[[ $TSC -nt $VM/tsc.c ]] && return
	"$GUEST_CC" -std=gnu11 -Wall -Wextra -O2 -o "$TSC.new" "$VM/tsc.c" || die "tsc does not build"
	mv "$TSC.new" "$TSC"
}

# An emulated processor has this one's counter. Left to measure how fast it runs, a
# guest on a busy host may be wrong by a factor of ten, and so are all its timeouts.
tell_clock() {
	[[ $ARCH == amd64 && $(uname -m) == x86_64 && $1 == tcg* ]] || return 0
	TSC=$BUILD/vm/tsc
	with_lock "$BUILD/vm/base.lock" refresh_tsc
	append+=("tsc_early_khz=$("$TSC")")
}

machine_command() {
	local accelerator=${QEMU_ACCEL:-tcg,thread=multi}
	local -a append=("console=$CONSOLE,115200" "${COMMAND_LINE[@]}" "${STRICT[@]}")
	local file=${RUN//,/,,} id
	QEMU_COMMAND=("$QEMU" "${MACHINE[@]}")
	if ((COUNT_INSTRUCTIONS)); then
		accelerator=tcg
		QEMU_COMMAND+=(-icount "shift=0,sleep=off" -seed 1 -rtc "base=2026-01-01,clock=vm")
		append+=(norandmaps)
	else
		tell_clock "$accelerator"
	fi
	# shellcheck disable=SC2206 # both are lists of words by definition
	append+=(${MSEAL_VM_APPEND:-})
	for id in output error; do
		QEMU_COMMAND+=(-chardev "file,id=$id,path=$file/$id.pipe")
	done
	for id in console result; do
		QEMU_COMMAND+=(-chardev "file,id=$id,path=$file/$id.log")
	done
	QEMU_COMMAND+=(
		-accel "$accelerator" -smp "$CPUS" -m "${MSEAL_VM_MEM:-1G}"
		-no-user-config -nodefaults -no-reboot -display none -nic none
		"${CHANNEL_DEVICES[@]}"
		-kernel "$KERNEL" -initrd "$INITRAMFS" -append "${append[*]}"
	)
	# shellcheck disable=SC2206
	QEMU_COMMAND+=(${MSEAL_VM_QEMU:-})
}

# What the program prints is passed on as it comes; the copies tell the verdict
# whether the last line was ended.
relay_start() {
	local id
	for id in output error; do
		rm -f "$RUN/$id.pipe"
		mkfifo "$RUN/$id.pipe"
	done
	# Held open here, so that neither side waits for the other to appear.
	exec {output}<>"$RUN/output.pipe" {error}<>"$RUN/error.pipe"
	tee -p "$RUN/stdout" <"$RUN/output.pipe" {output}>&- {error}>&- &
	RELAYS=($!)
	tee -p "$RUN/stderr" <"$RUN/error.pipe" >&2 {output}>&- {error}>&- &
	RELAYS+=($!)
}

relay_end() {
	exec {output}>&- {error}>&-
	wait "${RELAYS[@]}" || true
	rm -f "$RUN"/{output,error}.pipe
}

# boot_once: runs the guest to its end; MACHINE_STATUS is 124 if that took too long.
boot_once() {
	: >"$RUN/console.log"
	: >"$RUN/result.log"
	relay_start
	timeout -k 5 "$TIMEOUT" "${QEMU_COMMAND[@]}" </dev/null >"$RUN/qemu.log" 2>&1 \
		{output}>&- {error}>&- &
	MACHINE_PID=$!
	MACHINE_STATUS=0
	wait "$MACHINE_PID" || MACHINE_STATUS=$?
	MACHINE_PID=
	relay_end
}

# Kernels patch their text while they boot, too, and with a thread for each processor
# QEMU may lose the end of that. Before the first process nothing of ours has run.
died_of_emulation() {
	((CPUS > 1 && MACHINE_STATUS != 124 && MACHINE_STATUS != 137)) &&
		[[ ${QEMU_COMMAND[*]} == *thread=multi* ]] &&
		! grep -q 'Run /init as init process' "$RUN/console.log"
}

boot() {
	local again
	machine_command
	printf '%q ' "${QEMU_COMMAND[@]}" >"$RUN/command"
	boot_once
	for again in 1 2; do
		died_of_emulation || break
		mv "$RUN/console.log" "$RUN/console-$again.log"
		say "the kernel died before its first process: booting it again"
		boot_once
	done
}

boot_abort() {
	[[ ${MACHINE_PID:-} ]] || return 0
	kill -TERM "$MACHINE_PID" 2>/dev/null || true
	wait "$MACHINE_PID" 2>/dev/null || true
	MACHINE_PID=
}
