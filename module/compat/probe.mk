# SPDX-License-Identifier: GPL-2.0
# What the kernel to build for has, asked of its headers: distributions backport,
# so version numbers lie.
mseal-has = $(if $(shell grep -lE '$(2)' $(addprefix $(srctree)/include/linux/,$(1)) 2>/dev/null),-D$(3))

ccflags-y += $(call mseal-has,ftrace.h,struct ftrace_regs \*fregs,MSEAL_HAVE_FTRACE_REGS)
ccflags-y += $(call mseal-has,ftrace.h ftrace_regs.h,ftrace_regs_get_argument,MSEAL_HAVE_FTRACE_REGS_ARGUMENT)
ccflags-y += $(call mseal-has,mm.h,do_vmi_munmap,MSEAL_HAVE_DO_VMI_MUNMAP)
ccflags-y += $(call mseal-has,mm.h,do_mas_munmap,MSEAL_HAVE_DO_MAS_MUNMAP)
ccflags-y += $(call mseal-has,mm.h,mprotect_fixup.struct vma_iterator,MSEAL_HAVE_FIXUP_VMI)
ccflags-y += $(call mseal-has,mm.h,mprotect_fixup.struct mmu_gather,MSEAL_HAVE_FIXUP_TLB)
ccflags-y += $(call mseal-has,kallsyms.h,kallsyms_on_each_symbol.*struct module,MSEAL_HAVE_KALLSYMS_MODULE)
ccflags-y += $(call mseal-has,module.h,extern struct mutex module_mutex,MSEAL_KALLSYMS_WALKS_MODULES)
ccflags-y += $(call mseal-has,mm.h,void zap_page_range_single,MSEAL_HAVE_ZAP_SINGLE)
ccflags-y += $(call mseal-has,mm_types.h,struct vma_iterator \{,MSEAL_HAVE_VMA_ITERATOR)
