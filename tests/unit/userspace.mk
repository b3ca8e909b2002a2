# SPDX-License-Identifier: GPL-2.0
# How to build the module's sealset.c in user space, next to a model of it. TOP
# is set by the includer.
UNIT	:= $(TOP)/tests/unit
KERNEL	:= $(shell $(UNIT)/kernel-sources.sh)
ifeq ($(KERNEL),)
$(error no kernel sources)
endif

# The kernel's dialect, and the kernel's rbtree below our own small headers.
HOSTED	:= $(WARN) -std=gnu11 -Wno-unused-parameter -fno-strict-aliasing -I$(UNIT) \
	   -I$(TOP)/module -I$(TOP)/uapi -I$(UNIT)/shim -isystem $(KERNEL)/include
# The set, its model and what both stand on; found by vpath.
FAMILY	:= broken slab chain inside model family rbtree

# Address space randomised by 32 bits collides with the sanitizers' shadows.
STEADY	:= $(shell setarch -R true 2>/dev/null && echo setarch -R)
