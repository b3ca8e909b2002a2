# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A module is loaded with its parameters, and what goes wrong in it is told.

# toy_module: builds a module that does as its parameter says.
toy_module() {
	local release headers
	read -r release headers < <("$VM/run" --headers "$KERNEL_ROW")
	[[ $release ]] || fail 'no headers'
	cat >"$T/toy.c" <<-'END'
		#include <linux/module.h>
		static char *what = "nothing";
		module_param(what, charp, 0444);
		static int __init toy_init(void)
		{
			if (!strcmp(what, "refuse")) {
				pr_err("toy: not today\n");
				return -ENODEV;
			}
			if (!strcmp(what, "oops"))
				*(volatile int *)8 = 1;
			WARN(!strcmp(what, "warn"), "toy warns\n");
			return 0;
		}
		module_init(toy_init);
		MODULE_LICENSE("GPL");
	END
	echo 'obj-m := toy.o' >"$T/Kbuild"
	env -u MAKEFLAGS -u MFLAGS make -s -C "$headers" "M=$T" modules >"$T/make.log" 2>&1 ||
		fail "the toy module does not build: $(tail -n 3 "$T/make.log")"
	export MSEAL_MODULE=$T/toy.ko
}

case_module_and_parameter() {
	toy_module
	vm -p what=nothing_special -- cat /sys/module/toy/parameters/what
	ended 0 'exit 0'
	said nothing_special
	vm -n -- sh -c 'ls /sys/module/toy'
	ended 1 'exit 1'
}

case_module_that_refuses() {
	toy_module
	vm -p what=refuse -- echo not reached
	ended 125 'died module not loaded: toy.ko: No such device: toy: not today'
	said ''
	grep -qx 'kernel: toy: not today' "$T/err" || fail 'the reason is not shown'
}

case_module_that_warns() {
	toy_module
	vm -p what=warn -- true
	ended 125 'died WARNING: CPU: * toy_init+*'
	grep -q 'toy warns' "$T/err" || fail 'the warning is not shown'
}

case_module_that_oopses() {
	toy_module
	vm -p what=oops -- true
	ended 125 'died * kernel NULL pointer dereference*'
}
