# SPDX-License-Identifier: GPL-2.0
TOP	:= $(CURDIR)
include config.mk
export BUILD

KERNELDIR	?= /lib/modules/$(shell uname -r)/build
KERNELRELEASE	= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KERNELDIR)/include/generated/utsrelease.h 2>/dev/null)
MODULE_DIR	= $(BUILD)/module/$(KERNELRELEASE)
MODULE_SOURCES	:= Kbuild dkms.conf $(wildcard uapi/linux/*.h) \
	$(wildcard module/*.[ch] module/compat/*)
DKMS_SOURCE	:= $(DESTDIR)/usr/src/mseal-$(VERSION)

.PHONY: all help lib auto tools module demo check check-build check-compat check-debian \
	check-model check-bench bench \
	check-debug coverage soak nightly lint deb install uninstall dkms-install \
	dkms-uninstall clean

all: lib auto tools module

help:
	@echo 'make demo            build, boot a stock kernel, show what a seal refuses'
	@echo 'make check           all that a change has to pass'
	@echo 'make nightly         what takes longer: every kernel in full, a real Debian'
	@echo 'make lint            static checks'
	@echo 'make bench           what calls cost, to docs/bench'
	@echo 'make deb             Debian packages, to build/deb'
	@echo 'make lib             libmseal and libmseal-preload, to build/lib and build/preload'
	@echo 'make auto            libmseal-auto.so, to build/auto'
	@echo 'make tools           the mseal command, to build/tools'
	@echo 'make module          the module, for KERNELDIR'
	@echo 'make install         the libraries and the command, to DESTDIR and prefix'
	@echo 'make dkms-install    the module, by DKMS'
	@echo 'Each of the last two has its un- twin. V=1 shows commands.'

lib:
	$(Q)$(MAKE) -C lib
	$(Q)$(MAKE) -C preload

auto: lib
	$(Q)$(MAKE) -C auto

tools: lib
	$(Q)$(MAKE) -C tools

# Kbuild leaves its objects beside the sources, so it works on a copy of them.
module:
	$(Q)test -n "$(KERNELRELEASE)" || \
		{ echo "no kernel headers in KERNELDIR=$(KERNELDIR)" >&2; exit 1; }
	$(Q)mkdir -p $(MODULE_DIR)
	$(Q)cp -pu --parents $(MODULE_SOURCES) $(MODULE_DIR)/
	$(Q)$(MAKE) -C $(KERNELDIR) M=$(MODULE_DIR) modules

demo:
	$(Q)tests/demo/run

# What every run of the tests needs; the runner and some steps add their own.
TOOLS	:= gcc g++ libc6-dev make pkg-config check libsubunit-dev libc6-dev-i386 \
	lib32gcc-12-dev libelf-dev libkmod-dev libtraceevent-dev libtracefs-dev

# Steps at once; a guest has two processors, and seldom uses both. What takes longest
# comes first.
JOBS	?= 2

check:
	$(Q)tests/need $(TOOLS)
	$(Q)$(MAKE) -s lib
	$(Q)tests/check -j $(JOBS) debug-kernel bookworm load fuzz unit libmseal preload btf \
		debug native bookworm-arm64 bullseye bookworm-rt bookworm-cloud native-sid \
		bench demo tools unsealed auto serve serve-bullseye serve-arm64 examples kernels model \
		preload-bookworm preload-bullseye preload-native \
		upstream-bookworm upstream-bullseye upstream-native \
		upstream-syscall-bookworm upstream-syscall-bullseye

check-build:
	$(Q)tests/check build

check-model:
	$(Q)tests/check model

check-bench:
	$(Q)tests/check bench

bench:
	$(Q)tests/bench/run
	$(Q)tests/bench/run workloads

check-debug:
	$(Q)tests/need $(TOOLS)
	$(Q)tests/check debug

coverage:
	$(Q)tests/need $(TOOLS)
	$(Q)tests/check coverage

soak:
	$(Q)tests/need $(TOOLS)
	$(Q)tests/check soak

check-debian:
	$(Q)tests/check debian

check-compat:
	$(Q)tests/check compat

nightly:
	$(Q)tests/need $(TOOLS)
	$(Q)$(MAKE) -s lib
	$(Q)tests/check full-cloud full-rt full-arm64 full-bullseye full-sid full-native \
		load-bullseye auto-bullseye auto-debian vm bystanders interplay container \
		coverage mutants kcsan build debian compat rpm secureboot soak

lint:
	$(Q)tests/check lint

deb:
	$(Q)debian/make-deb

install uninstall:
	$(Q)$(MAKE) -C lib $@
	$(Q)$(MAKE) -C preload $@
	$(Q)$(MAKE) -C auto $@
	$(Q)$(MAKE) -C tools $@

# A kernel that BUILD_EXCLUSIVE leaves out is no failure (77): DKMS has said so, and
# will build for the others.
# Again, it builds anew; but what a package has brought is the package's.
dkms-install:
	$(Q)! dpkg-query -S $(DKMS_SOURCE)/dkms.conf 2>/dev/null || \
		{ echo "version $(VERSION) is installed as a package: remove that first" >&2; exit 1; }
	$(Q)[ -z "$$(dkms status -m mseal -v $(VERSION))" ] || \
		dkms remove -m mseal -v $(VERSION) --all
	$(Q)rm -rf $(DKMS_SOURCE)
	$(Q)install -d $(DKMS_SOURCE)
	$(Q)cp -p --parents $(MODULE_SOURCES) $(DKMS_SOURCE)/
	$(Q)dkms add -m mseal -v $(VERSION)
	$(Q)dkms install -m mseal -v $(VERSION) || [ $$? = 77 ]

dkms-uninstall:
	$(Q)dkms remove -m mseal -v $(VERSION) --all
	$(Q)rm -rf $(DKMS_SOURCE)

clean:
	$(Q)rm -rf $(BUILD)
