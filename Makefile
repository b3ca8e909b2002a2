# SPDX-License-Identifier: GPL-2.0
TOP	:= $(CURDIR)
include config.mk

KERNELDIR	?= /lib/modules/$(shell uname -r)/build
KERNELRELEASE	= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KERNELDIR)/include/generated/utsrelease.h)
MODULE_DIR	= $(BUILD)/module/$(KERNELRELEASE)
MODULE_SOURCES	:= Kbuild dkms.conf $(wildcard uapi/linux/*.h) \
	$(wildcard module/*.[ch] module/compat/*)

.PHONY: all lib module clean

all: lib module

lib:
	$(Q)$(MAKE) -C lib BUILD=$(BUILD)

# Kbuild leaves its objects beside the sources, so it works on a copy of them.
module:
	$(Q)test -n "$(KERNELRELEASE)" || \
		{ echo "no kernel headers in KERNELDIR=$(KERNELDIR)" >&2; exit 1; }
	$(Q)mkdir -p $(MODULE_DIR)
	$(Q)cp -pu --parents $(MODULE_SOURCES) $(MODULE_DIR)/
	$(Q)$(MAKE) -C $(KERNELDIR) M=$(MODULE_DIR) modules

clean:
	$(Q)rm -rf $(BUILD)
