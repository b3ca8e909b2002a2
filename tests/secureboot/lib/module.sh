# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
# The module in four forms, and the programs that try them.

# What DKMS takes from its configuration it takes from the environment, too, so that
# this machine's own key isn't touched.
dkms_here() {
	env sign_file="$KERNELDIR/scripts/sign-file" \
		mok_signing_key="$WORK/mok.key" mok_certificate="$WORK/mok.pub" \
		dkms "$@" --dkmstree "$WORK/dkms" --sourcetree "$WORK/src"
}

# signature_length FILE: with the trailer that ends in a text of 28 bytes, before which
# stands how long the signature is.
signature_length() {
	local bytes
	[[ $(tail -c 28 "$1") == '~Module signature appended~' ]]
	read -ra bytes < <(tail -c 32 "$1" | od -An -tu1 -N 4)
	printf '%d\n' $((40 + bytes[0] * 16777216 + bytes[1] * 65536 + bytes[2] * 256 + bytes[3]))
}

build_module() {
	local version source
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$TOP/dkms.conf")
	source=$WORK/src/mseal-$version
	mkdir -p "$source" "$WORK/dkms"
	(cd "$TOP" && cp -r --parents Kbuild dkms.conf uapi module "$source/")
	dkms_here add -m mseal -v "$version"
	dkms_here build -m mseal -v "$version" -k "$RELEASE" --kernelsourcedir "$KERNELDIR"
	[[ -s $WORK/mok.pub ]]
	cp "$WORK/dkms/mseal/$version/$RELEASE/x86_64/module/mseal.ko" "$WORK/mseal.ko"
	modinfo -F signer "$WORK/mseal.ko" | grep -x 'DKMS module signing key'
}

# flip FILE OFFSET: one bit of the byte there.
flip() {
	local byte
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	printf '%b' "\\x$(printf %x $((byte ^ 1)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# The signed module where DKMS installs it; beside it the same without its signature,
# with one bit changed, and signed by a key that nobody enrols.
stage_modules() {
	local tree=$STAGE/lib/modules/$RELEASE
	mkdir -p "$tree/updates/dkms"
	cp "$WORK/mseal.ko" "$tree/updates/dkms/"
	find "$IMAGE_DIR/lib/modules/$RELEASE" -name 'efivarfs.ko*' -exec cp {} "$tree/" \;
	cp "$IMAGE_DIR/lib/modules/$RELEASE"/modules.{order,builtin,builtin.modinfo} "$tree/"
	depmod -b "$STAGE" "$RELEASE"
	cp "$WORK/mseal.ko" "$STAGE/unsigned.ko"
	truncate -s "-$(signature_length "$WORK/mseal.ko")" "$STAGE/unsigned.ko"
	cp "$WORK/mseal.ko" "$STAGE/changed.ko"
	flip "$STAGE/changed.ko" $(($(stat -c %s "$STAGE/unsigned.ko") / 2))
	cp "$STAGE/unsigned.ko" "$STAGE/stranger.ko"
	openssl req -new -x509 -nodes -days 3650 -subj "/CN=a stranger" -newkey rsa:2048 \
		-keyout "$WORK/stranger.key" -outform DER -out "$WORK/stranger.pub" 2>"$WORK/openssl.log"
	"$KERNELDIR/scripts/sign-file" sha256 "$WORK/stranger.key" "$WORK/stranger.pub" \
		"$STAGE/stranger.ko"
}

stage_program() {
	local tool
	printf '%s\0' /guest >"$STAGE/vm/argv"
	printf '%s\0' PATH=/bin:/ HOME=/tmp TERM=dumb >"$STAGE/vm/env"
	printf '%s\n' "${SERIAL_LINES[@]}" >"$STAGE/vm/channels"
	: >"$STAGE/vm/modules"
	for tool in modprobe insmod rmmod; do
		guest_add "$(command -v kmod)" "/bin/$tool"
	done
	guest_add "$(command -v mokutil)" /bin/mokutil
	guest_add "$BUILD/tools/mseal" /bin/mseal
	guest_add "$BUILD/auto/libmseal-auto.so" /usr/local/lib/libmseal-auto.so
	guest_add "$BUILD/tests/guest/mseal-test" /bin/mseal-test
	guest_add "$TOP/debian/load" /load
	guest_add "$TOP/tests/checks.sh" /checks.sh
	guest_add "$HERE/guest" /guest
	mkdir -p "$STAGE/var/lib/dkms"
	cp "$WORK/mok.pub" "$STAGE/var/lib/dkms/"
	printf '%s\n' "$PASSWORD" >"$STAGE/password"
}
