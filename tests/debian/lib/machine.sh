# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
# The virtual machine: each step is one boot of the same disk, told what to do by
# a second disk, with a result line of its own.

# A machine that has to wait for its host is not at fault, so no clock is watched.
STRICT=(panic=-1 oops=panic panic_on_warn=1 nosoftlockup rcupdate.rcu_cpu_stall_suppress=1)

# Whatever the steps share is in $WORK/step; the step itself becomes its main. What
# is done on 6.12, too, has one script.
bring() {
	cp "$HERE/guest/${1#native-}.sh" "$WORK/step/main"
	chmod +x "$WORK/step/main"
	tar -cf "$WORK/step.tar" -C "$WORK/step" .
}

machine() {
	local name=$1 kernel=$2 initrd=$3 console="file,id=console,path=$WORK/$1.console"
	shift 3
	[[ -z $INPUT ]] || console="pipe,id=console,path=$INPUT,logfile=$WORK/$name.console"
	exec qemu-system-x86_64 -M pc -cpu max -accel "${QEMU_ACCEL:-tcg,thread=multi}" \
		-smp 2 -m 1G -no-user-config -nodefaults -no-reboot -display none -nic none \
		-drive "if=virtio,format=raw,cache=unsafe,snapshot=$SNAPSHOT,file=$DISK" \
		-drive "if=virtio,format=raw,readonly=on,file=$WORK/step.tar" \
		-chardev "$console" -serial chardev:console -serial "file:$WORK/$name.result" \
		-serial "file:$WORK/$name.log" \
		-kernel "$kernel" -initrd "$initrd" \
		-append "root=/dev/vda rw fastboot console=ttyS0,115200 tsc=reliable cryptomgr.notests ${STRICT[*]} $*"
}

# Shows a result line as it comes, as the step's.
relay() {
	local name=$1 pid=$2
	tail -n +1 -s 0.5 -f --pid="$pid" "$WORK/$name.result" |
		sed -u -e 's/\r$//' -e '/^end$/d' -e "s/^\(pass\|fail\) /\1  $name: /" -e 's/^|/      |/'
}

# What the guest itself can't tell: that it came to its end, that its shell could
# do all it was told to, and that its kernel had nothing to complain about.
judge() {
	local name=$1 status=$2 complaint
	complaint=$(awk -f "$TOP/tests/vm/lib/splat.awk" "$WORK/$name.console" | head -n 1)
	if [[ $complaint ]]; then
		fail "$name: the kernel complains: $complaint"
	elif ((status == 124 || status == 137)); then
		fail "$name: not at its end in time"
	elif ! grep -qx $'end\r*' "$WORK/$name.result"; then
		fail "$name: the guest died, see $WORK/$name.console"
	elif grep -qvE '^(pass |fail |\| |end)' "$WORK/$name.result" ||
		! grep -q '^pass ' "$WORK/$name.result"; then
		fail "$name: the guest's script is broken"
	else
		pass "$name: boots, comes to its end, the kernel has no complaint"
		return
	fi
	tail -n 25 "$WORK/$name.console" | tr -d '\r' | sed 's/^/      | /'
}

# aside NAME SECONDS KERNEL INITRD [WORD...]: a step that leaves the disk as it is.
aside() {
	SNAPSHOT=on
	step "$@"
	SNAPSHOT=off
}

# launch NAME SECONDS KERNEL INITRD [WORD...]: sets MACHINE.
launch() {
	local name=$1 seconds=$2
	shift 2
	: >"$WORK/$name.console"
	export -f machine
	export WORK DISK SNAPSHOT INPUT
	timeout -k 5 "$seconds" bash -c "STRICT=(${STRICT[*]}); machine \"\$@\"" \
		machine "$name" "$@" </dev/null >"$WORK/$name.qemu" 2>&1 &
	MACHINE=$!
}

# dies NAME SECONDS KERNEL INITRD: a boot that comes to no end of its own, as init can't
# be executed.
dies() {
	say "$1: booting, log in $WORK/$1.console"
	launch "$@"
	wait "$MACHINE" || true
	MACHINE=
	check "$1: init doesn't run" grep 'Attempted to kill init! exitcode=0x00007e00' \
		"$WORK/$1.console"
}

# types NAME LINE...: answers each prompt of the initial file system's shell with a line.
types() {
	local name=$1 typed=0 line
	shift
	for line in "$@"; do
		until (($(grep -o '(initramfs)' "$WORK/$name.console" | wc -l) > typed)); do
			sleep 1
		done
		sleep 2
		printf '%s\n' "$line" >"$INPUT.in"
		typed=$((typed + 1))
	done
}

# step NAME SECONDS KERNEL INITRD [WORD...]: WORDs are for the kernel's command line.
step() {
	local name=$1 status=0 start=$SECONDS relay
	say "$name: booting ${3##*/vmlinuz-}${5:+ ${*:5}}, log in $WORK/$name.log"
	bring "$name"
	: >"$WORK/$name.result"
	launch "$@"
	relay "$name" "$MACHINE" &
	relay=$!
	wait "$MACHINE" || status=$?
	wait "$relay"
	MACHINE=
	count "$WORK/$name.result"
	judge "$name" "$status"
	say "$name took $((SECONDS - start)) s"
}
