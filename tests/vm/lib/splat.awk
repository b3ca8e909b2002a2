# SPDX-License-Identifier: GPL-2.0
# Prints the lines of a console log with which a kernel says that something is
# wrong with it: line number, tab, text without its time stamp. Patterns are anchored where the
# kernel's own format is: stock kernels say harmless things that contain BUG or
# WARNING ("Spectre V2 : WARNING", "CPU bug present") at every boot.

{
	sub(/\r+$/, "")
	sub(/^(<[0-9]+>)?\[ *[0-9]+\.[0-9]+\](\[ *[TC][0-9]+\])? /, "")
}

# An out-of-memory kill shows how it came about; that is no fault.
/ invoked oom-killer: / { excused = 1 }
# Nor is it one that a victim has held its lock for long, on a slow machine.
/^oom_reaper: unable to reap pid:/ { excused = 1 }
# An allocation that a test wants to fail shows where it was, and who needed it
# may show that again.
/^FAULT_INJECTION: forcing a failure/ { excused = injected = 1 }
injected && (/: vmalloc error: .* failed/ ||
	/^kmem_cache_create_usercopy\(.*\) failed with error/ ||
	/^kobject_add_internal failed for /) { excused = 1 }
/^Call [Tt]race:/ && excused { excused = 0; next }

/^WARNING: / ||
/^((watchdog|workqueue|rcu|mm|slub|kmemleak): )?BUG:? / ||
/^kernel BUG at / ||
/^-+\[ (cut here|ftrace bug) \]-+/ ||
/^(Oops|PANIC)[: ]/ || /^traps: PANIC: / || /^Internal error: / ||
/^(general protection fault|invalid opcode|divide error|stack segment|double fault|int3)[:,]/ ||
/^Unable to handle kernel / ||
/^Kernel panic - not syncing/ ||
/^Call [Tt]race:/ ||
/^(BUG: )?(KASAN|KFENCE|KCSAN|KMSAN|UBSAN): / ||
/^(rcu: )?INFO: (task .* blocked for more than|possible |inconsistent |trying to register|rcu.* stall|rcu.* detected stall|suspicious |lockdep is turned off)/ ||
/^=+ *WARNING: / || /^\[ BUG: / ||
/ self-detected stall on CPU/ || / detected (expedited )?stalls? on CPUs/ ||
/^(NMI watchdog: )?Watchdog detected hard LOCKUP/ ||
/^(list_add|list_del)[a-z_ ]* corruption/ || /^refcount_t: / ||
/^kmemleak: [0-9]+ new suspected memory leaks/ ||
/^pagealloc: memory corruption/ || /: bad p[gu4m]+d / ||
/^unchecked MSR access error: / ||
/: page allocation failure: / ||
/^unregister_netdevice: waiting for / {
	print NR "\t" $0
}
