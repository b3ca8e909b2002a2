# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# bash completion of mseal(1).

# What one of the subcommands takes.
_mseal_words() {
	case $1 in
	check) echo --json ;;
	report) echo --json --output --comm --op --pid --time ;;
	run) echo --auto --syscall --types ;;
	show) echo --json --sealed ;;
	status) echo --holders --json --quiet ;;
	watch) echo --count --json --sealed --comm --op --pid --time ;;
	*) echo --help --usage --version check report run show status watch ;;
	esac
}

_mseal_processes() {
	printf '%s\n' /proc/[1-9]* | sed 's|.*/||'
}

_mseal() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} offer
	local command=
	((COMP_CWORD < 2)) || command=${COMP_WORDS[1]}
	# readline splits --op=WORD at the equals sign.
	if [[ $word == = ]]; then
		word=
		before+==
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}=
	fi
	# What --auto takes can't stand behind a blank.
	[[ $before == --auto= ]] || before=${before%=}
	case $before in
	--op | -o) offer='unmap map protect remap discard seal' ;;
	--pid | -p) offer=$(_mseal_processes) ;;
	--comm | -c) offer=$(cat /proc/[1-9]*/comm 2>/dev/null) ;;
	--auto=) offer='off report try enforce' ;;
	--output | -O)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	*)
		offer=$(_mseal_words "$command")
		[[ $command != show || $word == -* ]] || offer=$(_mseal_processes)
		if [[ $command == @(run|report) && $word != -* ]]; then
			mapfile -t COMPREPLY < <(compgen -c -A file -- "$word")
			return
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$offer" -- "$word")
}

complete -F _mseal mseal
