/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_CONTAINER_OF_H
#define _SHIM_CONTAINER_OF_H

#include <stddef.h>

#define container_of(member_ptr, type, member)				\
	((type *)((char *)(member_ptr) - offsetof(type, member)))

#endif /* _SHIM_CONTAINER_OF_H */
