/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of seals: publish, look-up, trim, fork, exit, drain, unload.
 *
 * One page in a parent's address space (0) and, after a fork, in its child's (1).
 * One thread seals it, another attacks it, a third forks; the child attacks, too;
 * both exit; an administrator drains and unloads.  Assertions are docs/design.md's
 * invariants, by their numbers there.
 *
 * TWICE	two threads seal at once
 * WALKER	somebody else looks through the table
 * PARTIAL	the seal permits to unmap the page, and goes with the memory
 * SIBLING	a thread is parked in another wrapped call
 * BREAK_*	a fault, which must be found
 */
#define NONE	4

/* An address space, and its entry in the table with the set that belongs to it. */
bool writer[2];
byte readers[2];	/* mmap_lock */
byte users[2];
bool mapped[2];
bool published[2];	/* in the table */
bool allocated[2];	/* the entry's memory */
byte set_of[2];
bool dead[2];		/* unlinked, waits for the work that frees */

byte refs[4];
bool has[4];		/* the set has the page */

bool key;
byte nr_spaces;
bool key_mutex;
bool key_off_due;

byte walkers;		/* RCU read sections */
byte awake;		/* tasks in the module's text that haven't slept there */
byte asleep;		/* those that have */
bool burying;
byte module_refs;
#ifdef BREAK_EMPTY
bool let_go[2];
#endif
bool loaded = true;
bool hooked = true;
bool new_seals = true;

/* mseal() has returned 0 for the memory that is there now. */
bool sealed[2];

#define seals(m)	(published[m] && has[set_of[m]])
#ifndef BREAK_HOLE
#define hole(m)		(!mapped[m])
#else
#define hole(m)		false
#endif
/* What a handler finds out; the key is patched into it. */
#define found(m)	(key && published[m])

/* 1: every sealed range is mapped, whenever nobody is at it. */
#define consistent(m)	(!seals(m) || mapped[m])

inline lock(m)
{
	atomic { !writer[m] && !readers[m] -> writer[m] = true }
}

inline unlock(m)
{
	atomic { assert(consistent(m)); writer[m] = false }
}

/* There are as many as are ever made; were they too few, this would wait for ever. */
inline new_set(s)
{
	atomic {
		if
		:: refs[0] == 0 -> s = 0
		:: else ->
			if
			:: refs[1] == 0 -> s = 1
			:: else ->
				if
				:: refs[2] == 0 -> s = 2
				:: else -> refs[3] == 0; s = 3
				fi
			fi
		fi;
		refs[s] = 1;
		has[s] = false
	}
}

inline put_set(s)
{
	atomic {
		refs[s]--;
		has[s] = has[s] && refs[s] > 0
	}
}

/* A shared set never changes: whoever does copies it first. */
inline own_set(m, s)
{
#ifdef BREAK_SHARED
	skip
#else
	if
	:: refs[set_of[m]] > 1 ->
		new_set(s);
		atomic {
			has[s] = has[set_of[m]];
			put_set(set_of[m]);
			set_of[m] = s
		}
	:: else
	fi
#endif
}

/* A function is entered; what isn't hooked any more leads into no text. */
inline enter(inside)
{
	atomic { inside = hooked; awake = awake + inside }
}

inline leave_text(inside)
{
	awake = awake - inside
}

inline hold_key()
{
	if
	:: atomic { nr_spaces > 0 -> nr_spaces++ }
	:: nr_spaces == 0 ->
		atomic { !key_mutex -> key_mutex = true };
		key = true;
		nr_spaces++;
		key_mutex = false
	fi
}

inline hold_module()
{
#ifndef BREAK_REF
	module_refs++
#else
	skip
#endif
}

inline drop_module()
{
#ifndef BREAK_REF
	atomic { assert(module_refs > 0); module_refs-- }
#else
	skip
#endif
}

/* With the entry goes its hold on the key and on the module. */
inline free_space()
{
	atomic {
		assert(nr_spaces > 0);
		nr_spaces--;
		key_off_due = key_off_due || nr_spaces == 0
	};
	drop_module()
}

proctype sealer()
{
	bool spare = false, late;
	byte s = NONE, copy;

	/* The open device keeps the module. */
	if
	:: atomic { loaded -> module_refs++ }
	:: !loaded -> goto leave
	fi;
	late = !new_seals;
#ifndef BREAK_DRAIN
	if
	:: !new_seals -> goto close
	:: else
	fi;
#endif
	if
#ifndef BREAK_SPARE
	:: !published[0] ->
#else
	:: nr_spaces == 0 ->
#endif
		spare = true;
		new_set(s);
#ifndef BREAK_KEY
		hold_key();
#else
		nr_spaces++;
#endif
		hold_module()
	:: else
	fi;

	/* A fatal signal may come first. */
	if
	:: spare -> goto give_back
	:: true
	fi;
	lock(0);
	/* 6: who asks after new_seals=0 gets none. */
	assert(!late);
	if
	/* 1: a hole isn't sealed. */
	:: hole(0)
	:: !hole(0) && published[0] ->
		own_set(0, copy);
		has[set_of[0]] = true;
		sealed[0] = true
	:: !hole(0) && !published[0] ->
		assert(spare);
		has[s] = true;
		set_of[0] = s;
		atomic { allocated[0] = true; published[0] = true };
		s = NONE;
		spare = false;
		sealed[0] = true
	fi;
	unlock(0);

give_back:
	if
	:: spare ->
		atomic { put_set(s); s = NONE };
		free_space()
	:: else
	fi;
#ifdef BREAK_KEY
	key = true;
#endif
close:
	module_refs--;
leave:
	users[0]--
}

/* What unmap does where it isn't refused; it fails for reasons of its own, too. */
inline unmap(m, failed)
{
	if
	:: failed = false;
		/* 2: what was sealed when mseal() returned isn't changed. */
#ifndef PARTIAL
		assert(!sealed[m]);
#endif
		atomic {
			mapped[m] = false;
			sealed[m] = false
		}
	:: failed = true
	fi
}

/* A seal that permits it goes before, and comes back if the memory stays. */
inline unmap_wrapped(m, s, failed)
{
	own_set(m, s);
#ifndef BREAK_OUTLIVE
	has[set_of[m]] = false;
#endif
	atomic { awake--; asleep++ };
	unmap(m, failed);
	atomic { asleep--; awake++ };
	if
#ifndef BREAK_TRIM
	:: failed -> has[set_of[m]] = true
#endif
#ifdef BREAK_EMPTY
	:: !failed && !let_go[m] -> atomic { let_go[m] = true; module_refs-- }
#endif
	:: else
	fi;
	/* A failed unmap sheds no seal. */
	assert(!failed || !sealed[m] || seals(m))
}

inline attack(m, inside, refused, failed, s)
{
#ifdef BREAK_WINDOW
	enter(inside);
	refused = inside && found(m) && has[set_of[m]];
	lock(m);
#else
	lock(m);
	enter(inside);
	refused = inside && found(m) && has[set_of[m]];
#endif
	/* What is mapped there afterwards is new, and unsealed. */
#ifdef PARTIAL
	if
	:: refused -> unmap_wrapped(m, s, failed)
	:: else -> unmap(m, failed)
	fi;
	if
	:: mapped[m] = true
	:: true
	fi;
#else
	if
	:: refused
	:: else -> unmap(m, failed)
	fi;
	mapped[m] = true;
#endif
	leave_text(inside);
	unlock(m)
}

proctype attacker(byte m)
{
	bool inside, refused, failed;
	byte s;

	attack(m, inside, refused, failed, s);
	users[m]--
}

/* The last user of an address space takes it down, whatever is sealed. */
proctype exiter(byte m)
{
	bool inside, wrapped = false;

	users[m] == 0;
	enter(inside);
	if
	:: inside && found(m) ->
		wrapped = true;
		published[m] = false;
#ifdef BREAK_EXIT
		free_space();
		allocated[m] = false;
#endif
		atomic { awake--; asleep++ };
		mapped[m] = false;
		atomic { asleep--; awake++ }
	:: else -> mapped[m] = false
	fi;
	/* 5 and 6: nothing is left behind for the next one at that address. */
	assert(!published[m]);
	if
	:: wrapped ->
#ifndef BREAK_PUT
		put_set(set_of[m]);
#endif
#ifdef BREAK_FREED
		allocated[m] = false;
#endif
#if defined(BREAK_LEAK)
		free_space()
#elif !defined(BREAK_EXIT)
		dead[m] = true
#else
		skip
#endif
	:: else
	fi;
	leave_text(inside);
	sealed[m] = false
}

proctype forker()
{
	bool inside;

	lock(0);
	enter(inside);
	mapped[1] = mapped[0];
	if
#ifndef BREAK_INHERIT
	:: inside && found(0) ->
#else
	:: inside && !inside ->
#endif
		refs[set_of[0]]++;
		set_of[1] = set_of[0];
#ifndef BREAK_COUNT
		nr_spaces++;
#endif
#ifndef BREAK_FORK
		hold_module();
#endif
		atomic { allocated[1] = true; published[1] = true }
	:: else
	fi;
	leave_text(inside);
	/* A child has its parent's seals, no more and no fewer. */
	assert(seals(1) == seals(0));
	sealed[1] = sealed[0];
	users[1] = 1;
	unlock(0);
	run attacker(1);
	run exiter(1);
	users[0]--
}

/* Another thread, in madvise() for instance, which waits for somebody outside. */
proctype sibling()
{
	bool inside, wrapped = false;

	enter(inside);
	wrapped = inside && found(0);
	if
	:: wrapped ->
		atomic { awake--; asleep++ };
		atomic { asleep--; awake++ }
	:: else
	fi;
	leave_text(inside);
	users[0]--
}

/* Somebody who looks for his own entry comes across others. */
proctype walker()
{
	byte m = 0;

	walkers++;
	if
	:: published[0]
	:: published[1] -> m = 1
	:: !published[0] && !published[1] -> m = NONE
	fi;
	if
	:: m != NONE -> assert(allocated[m])
	:: else
	fi;
	walkers--
}

inline bury(m)
{
	atomic { dead[m] -> dead[m] = false; burying = true };
#ifndef BREAK_GRACE
	walkers == 0;
#endif
	/* Nobody finds it any more, and it is freed once. */
	atomic { assert(allocated[m] && !published[m]); allocated[m] = false };
#ifdef BREAK_EMPTY
	if
	:: let_go[m] -> module_refs++
	:: else
	fi;
#endif
	free_space();
	burying = false
}

active proctype worker()
{
end:
	do
	:: bury(0)
	:: bury(1)
	od
}

active proctype key_off()
{
end:
	do
	:: atomic { key_off_due && !key_mutex -> key_off_due = false; key_mutex = true };
#ifndef BREAK_KEY_OFF
		if
		:: nr_spaces == 0 -> key = false
		:: else
		fi;
#else
		key = false;
#endif
		key_mutex = false
	od
}

active proctype administrator()
{
	new_seals = false;
	/* 6: not while anything is sealed. */
	atomic { module_refs == 0 -> loaded = false };
	assert(!seals(0) && !seals(1));
	hooked = false;
	/* Whoever sleeps in the text isn't waited for. */
	awake == 0;
#ifndef BREAK_BARRIER
	!burying && !dead[0] && !dead[1];
#endif
	/* 9: nothing is left, and nobody in the text. */
	assert(!allocated[0] && !allocated[1]);
	assert(refs[0] + refs[1] + refs[2] + refs[3] == 0);
	assert(asleep == 0 && awake == 0 && !burying)
}

init
{
	atomic {
		mapped[0] = true;
		set_of[0] = NONE - 1;
		set_of[1] = NONE - 1;
		users[0] = 3;
		run sealer();
		run attacker(0);
		run forker();
		run exiter(0);
#ifdef TWICE
		users[0] = 4;
		run sealer();
#endif
#ifdef WALKER
		run walker();
#endif
#ifdef SIBLING
		users[0] = 4;
		run sibling();
#endif
	}
}
