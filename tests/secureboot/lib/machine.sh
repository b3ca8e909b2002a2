# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153
# The machine: its firmware keeps its variables, keys among them, from boot to boot. Each
# reboot is a start of its own.

PLACE=${WORK//,/,,}
# The firmware's variables can only be written from the processor's management mode.
FIRMWARE=(
	-M "q35,smm=on" -global "driver=cfi.pflash01,property=secure,value=on"
	-drive "if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.secboot.fd"
	-drive "if=pflash,unit=1,format=raw,file=$PLACE/vars"
)
# Where the guest talks: output, error, result. The first two lines are the firmware's.
SERIAL_LINES=(ttyS2 ttyS2 ttyS3)
PASSWORD=sealed-by-all
MACHINE=

machine_start() {
	local name=$1 console=$2 seconds=$3
	: >"$WORK/$name.console"
	: >"$WORK/$name.output"
	: >"$WORK/$name.result"
	timeout -k 5 "$seconds" qemu-system-x86_64 "${FIRMWARE[@]}" -cpu max \
		-accel "${QEMU_ACCEL:-tcg}" -smp 1 -m 1G -no-user-config -nodefaults -no-reboot \
		-display none -nic none -drive "if=virtio,format=raw,file=$PLACE/esp" \
		-chardev "$console" -device isa-serial,index=0,chardev=console \
		-chardev "file,id=output,path=$PLACE/$name.output" \
		-device isa-serial,index=2,irq=5,chardev=output \
		-chardev "file,id=result,path=$PLACE/$name.result" \
		-device isa-serial,index=3,irq=7,chardev=result \
		</dev/null >"$WORK/$name.qemu" 2>&1 &
	MACHINE=$!
}

# Sets STATUS.
machine_wait() {
	STATUS=0
	wait "$MACHINE" || STATUS=$?
	MACHINE=
}

machine_abort() {
	[[ $MACHINE ]] || return 0
	kill "$MACHINE" 2>/dev/null || true
	wait "$MACHINE" 2>/dev/null || true
	MACHINE=
}

# What the guest itself can't tell. Its sum comes last: a script that breaks has none.
came_to_its_end() {
	local name=$1 complaint
	tail -n 25 "$WORK/$name.console" | tr -d '\r'
	complaint=$(awk -f "$VM/lib/splat.awk" "$WORK/$name.console" | head -n 1)
	printf 'machine %s, result "%s", complaint "%s"\n' "$STATUS" "$(cat "$WORK/$name.result")" \
		"$complaint"
	[[ $STATUS == 0 && -z $complaint ]]
	grep -qE '^[0-9]+ passed, [0-9]+ failed' "$WORK/$name.output"
}

# boot_guest NAME: the guest's part of that name, and what it has counted.
boot_guest() {
	local name=$1 start=$SECONDS
	local -a append=("console=ttyS0,115200" "${COMMAND_LINE[@]}" "${STRICT[@]}")
	tell_clock "${QEMU_ACCEL:-tcg}"
	tell_grub "${append[*]}" "part=$name"
	machine_start "$name" "file,id=console,path=$PLACE/$name.console" 600
	machine_wait
	sed -nE 's/\r$//; s/^(pass|fail)  /&'"$name"': /p; /^      \| /p' "$WORK/$name.output"
	PASSED=$((PASSED + $(grep -c '^pass  ' "$WORK/$name.output" || true)))
	FAILED=$((FAILED + $(grep -c '^fail  ' "$WORK/$name.output" || true)))
	check "$name: the guest boots and comes to its end, the kernel has no complaint" \
		came_to_its_end "$name"
	say "$name took $((SECONDS - start)) s"
}

# answer TEXT KEYS: waits for the text behind all that was there at the last answer.
answer() {
	local console=$WORK/dialogue.console
	until tail -c "+$((ANSWERED + 1))" "$console" | grep -aqF "$1"; do
		kill -0 "$MACHINE" || return 1
		sleep 0.5
	done
	sleep 1
	ANSWERED=$(stat -c %s "$console")
	printf '%b' "$2" >&"$TYPIST"
}

# An arrow goes one line down the menu.
enrol() {
	local down='\e[B' enter='\r'
	answer 'Press any key to perform MOK management' ' '
	answer 'Enroll MOK' "$down$enter"
	answer 'View key 0' "$down$enter"
	answer 'Enroll the key(s)?' "$down$enter"
	answer 'Password:' "$PASSWORD$enter"
	answer Reboot "$enter"
}

# MokManager ends in a reboot; a kernel that boots has not been answered.
boot_dialogue() {
	local start=$SECONDS ANSWERED=0 TYPIST
	mkfifo "$WORK/input.in"
	ln -s /dev/null "$WORK/input.out"
	exec {TYPIST}<>"$WORK/input.in"
	tell_grub console=ttyS0,115200 panic=-1 part=none
	machine_start dialogue "pipe,id=console,path=$PLACE/input,logfile=$PLACE/dialogue.console" 300
	check 'the dialogue: the key is enrolled with its password' enrol
	machine_wait
	check 'it ends with a reboot' no_kernel
	exec {TYPIST}>&-
	say "the dialogue took $((SECONDS - start)) s"
}

no_kernel() {
	[[ $STATUS == 0 ]]
	! grep -a "Linux version" "$WORK/dialogue.console"
}
