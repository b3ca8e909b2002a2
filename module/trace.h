/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints, for tracefs, perf and BPF. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mseal

#if !defined(_MSEAL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _MSEAL_TRACE_H

#include <linux/mseal_dev.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#define MSEAL_OPS							\
	{ MSEAL_OP_UNMAP, "unmap" }, { MSEAL_OP_MAP, "map" },		\
	{ MSEAL_OP_PROTECT, "protect" }, { MSEAL_OP_REMAP, "remap" },	\
	{ MSEAL_OP_DISCARD, "discard" }, { MSEAL_OP_SEAL, "seal" }

TRACE_DEFINE_ENUM(MSEAL_OP_UNMAP);
TRACE_DEFINE_ENUM(MSEAL_OP_MAP);
TRACE_DEFINE_ENUM(MSEAL_OP_PROTECT);
TRACE_DEFINE_ENUM(MSEAL_OP_REMAP);
TRACE_DEFINE_ENUM(MSEAL_OP_DISCARD);
TRACE_DEFINE_ENUM(MSEAL_OP_SEAL);

/*
 * An operation was refused; with MSEAL_T_REPORT among the types it would have
 * been.  Range and types are those it met, pid is that of the process which asked
 * for it, ip is where in its code it did so, or 0 if others act on its behalf.
 */
TRACE_EVENT(mseal_denied,
	TP_PROTO(enum mseal_op op, unsigned long start, unsigned long end,
		 u64 types, unsigned long ip),
	TP_ARGS(op, start, end, types, ip),
	TP_STRUCT__entry(
		__array(char, comm, TASK_COMM_LEN)
		__field(pid_t, pid)
		__field(u32, op)
		__field(unsigned long, start)
		__field(unsigned long, end)
		__field(u64, types)
		__field(unsigned long, ip)
	),
	TP_fast_assign(
		memcpy(__entry->comm, current->comm, TASK_COMM_LEN);
		__entry->pid = task_tgid_nr(current);
		__entry->op = op;
		__entry->start = start;
		__entry->end = end;
		__entry->types = types;
		__entry->ip = ip;
	),
	TP_printk("pid=%d comm=%s op=%s start=0x%lx end=0x%lx types=0x%llx ip=0x%lx",
		  __entry->pid, __entry->comm,
		  __print_symbolic(__entry->op, MSEAL_OPS), __entry->start,
		  __entry->end, __entry->types, __entry->ip)
);

/* A range was sealed, or sealed again; the types are those asked for. */
TRACE_EVENT(mseal_sealed,
	TP_PROTO(unsigned long start, unsigned long end, u64 types),
	TP_ARGS(start, end, types),
	TP_STRUCT__entry(
		__array(char, comm, TASK_COMM_LEN)
		__field(pid_t, pid)
		__field(unsigned long, start)
		__field(unsigned long, end)
		__field(u64, types)
	),
	TP_fast_assign(
		memcpy(__entry->comm, current->comm, TASK_COMM_LEN);
		__entry->pid = task_tgid_nr(current);
		__entry->start = start;
		__entry->end = end;
		__entry->types = types;
	),
	TP_printk("pid=%d comm=%s start=0x%lx end=0x%lx types=0x%llx",
		  __entry->pid, __entry->comm, __entry->start, __entry->end,
		  __entry->types)
);

#endif /* _MSEAL_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
