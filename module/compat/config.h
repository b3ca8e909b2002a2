/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel must be configured with; dkms.conf asks for the same. */
#ifndef _MSEAL_COMPAT_CONFIG_H
#define _MSEAL_COMPAT_CONFIG_H

#include <linux/kconfig.h>

#if !IS_ENABLED(CONFIG_64BIT) || !IS_ENABLED(CONFIG_MMU)
#error "mseal needs a 64-bit kernel with an MMU"
#endif
#if !IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_REGS) && \
	!IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
#error "mseal needs CONFIG_DYNAMIC_FTRACE_WITH_REGS or CONFIG_DYNAMIC_FTRACE_WITH_ARGS"
#endif
#if !IS_ENABLED(CONFIG_KPROBES)
#error "mseal needs CONFIG_KPROBES, to find the functions it hooks"
#endif
#if !IS_ENABLED(CONFIG_KALLSYMS)
#error "mseal needs CONFIG_KALLSYMS, to find the functions it hooks"
#endif
/* There a call of what was looked up is a jump to nowhere: Debian's have neither. */
#if !IS_ENABLED(CONFIG_HAVE_STATIC_CALL) && \
	(IS_ENABLED(CONFIG_ARM64_BTI_KERNEL) || IS_ENABLED(CONFIG_CFI_CLANG))
#error "mseal needs direct static calls with CONFIG_ARM64_BTI_KERNEL or CONFIG_CFI_CLANG"
#endif
#if !IS_ENABLED(CONFIG_UPROBES)
#error "mseal needs CONFIG_UPROBES, whose hook in fork() it shares"
#endif

#endif /* _MSEAL_COMPAT_CONFIG_H */
