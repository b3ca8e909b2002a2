/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_SCHED_SIGNAL_H
#define _SHIM_SCHED_SIGNAL_H

/* Nobody who is being killed gets here. */
#define fatal_signal_pending(task)	false

#endif /* _SHIM_SCHED_SIGNAL_H */
