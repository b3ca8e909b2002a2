# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Kernel modules for the guest: ours, built here, and those of the kernel's
# own package.

make_module() {
	local log=$1
	shift
	# A calling make's options and job server are not ours to pass on.
	quietly "$log" env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$TOP" module "$@" ||
		die "the module does not build for $RELEASE"
}

# Sets MODULE to our module for RELEASE.
build_module() {
	if [[ ${MSEAL_MODULE:-} ]]; then
		MODULE=$MSEAL_MODULE
		[[ -e $MODULE ]] || usage_error "no module $MODULE"
		return
	fi
	fetch_headers
	say "building the module for $RELEASE"
	with_lock "$BUILD/vm/module-$RELEASE.lock" \
		make_module "$RUN/make.log" "KERNELDIR=$KERNELDIR" "BUILD=$BUILD" "${MODULE_OPTIONS[@]}"
	MODULE=$BUILD/module/$RELEASE/mseal.ko
	[[ -e $MODULE ]] || die "make module left no $MODULE"
}

make_modules_dep() {
	[[ -e $MODULES_ROOT/lib/modules/$RELEASE/modules.dep ]] ||
		quietly "$RUN/depmod.log" depmod -b "$MODULES_ROOT" "$RELEASE" || die "depmod failed for $RELEASE"
}

# guest_load HOST-PATH PARAMETERS: copies a module and has it loaded.
guest_load() {
	local name=${1##*/}
	case $name in
	*.xz)
		name=${name%.xz}
		xz -dc "$1" >"$STAGE/vm/$name"
		;;
	*) cp "$1" "$STAGE/vm/$name" ;;
	esac
	printf '/vm/%s %s\n' "$name" "$2" >>"$STAGE/vm/modules"
}

# kernel_module NAME [PARAMETERS]: a module of the kernel's package and all it
# depends on, in the order in which they load.
kernel_module() {
	local name=$1 parameters=${2:-} list kind path own
	[[ $STATUS != source ]] || usage_error "$ROW has no module $name: what it has is built in"
	with_lock "$CACHE/locks/$IMAGE" make_modules_dep
	list=$(modprobe -C /dev/null -d "$MODULES_ROOT" -S "$RELEASE" --show-depends "$name" 2>&1) ||
		usage_error "no module $name in $IMAGE"
	while read -r kind path _; do
		[[ $kind == insmod ]] || continue
		own=
		[[ $(tr - _ <<<"${path##*/}") != "$(tr - _ <<<"$name")".ko* ]] || own=$parameters
		grep -q "^/vm/$(basename "${path%%.ko*}").ko " "$STAGE/vm/modules" 2>/dev/null ||
			guest_load "$path" "$own"
	done <<<"$list"
}
