# SPDX-License-Identifier: GPL-2.0
# What every Makefile of the user-space parts shares. TOP is set by the includer.
BUILD	?= $(TOP)/build
VERSION	:= $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' $(TOP)/dkms.conf)
CC	?= cc
CFLAGS	?= -O2 -g
WARN	:= -std=c11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
INCLUDE	:= -I$(TOP)/uapi -I$(TOP)/lib
# Warnings are errors only where CI asks for it, never for a user's compiler.
ifdef WERROR
WARN	+= -Werror
endif

Q	:= $(if $(V),,@)
say	= $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)';)
