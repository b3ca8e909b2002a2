/* SPDX-License-Identifier: GPL-2.0 */
/* Constants that some kernels' headers lack. */
#ifndef _MSEAL_COMPAT_MMAN_H
#define _MSEAL_COMPAT_MMAN_H

#include <uapi/linux/mman.h>

/* Since 5.18; older kernels answer EINVAL before anything is asked here. */
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED	24
#endif

/* Since 5.7. */
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

#endif /* _MSEAL_COMPAT_MMAN_H */
