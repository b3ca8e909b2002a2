# SPDX-License-Identifier: GPL-2.0
# What "mseal-bench loop" prints, then QEMU's log of each instruction: lines
# OPERATION|PART|FUNCTION|INSTRUCTIONS|FIRST of one call of each operation, in the
# kernel. Of all calls seen whole it is the shortest: interrupts make others longer.

FNR == NR && $1 == "op" { name = $0; sub(/^op [^ ]* /, "", name); op[$2] = name; next }
FNR == NR && $1 == "clock" { counted = $2; next }
FNR == NR {
	if ($1 !~ /^[0-9a-f]+$/ || length($1) != 16 || $1 ~ /^0+$/)
		next
	# Of several names of an address the first.
	if (nr && address[nr] == $1)
		next
	address[++nr] = $1
	symbol[nr] = $3
	part[nr] = $4 == "" ? "kernel" : $4 ~ /ftrace/ ? "ftrace" : substr($4, 2, length($4) - 2)
	next
}

function function_at(pc, low, high, middle) {
	if (pc in at)
		return at[pc]
	low = 1
	high = nr
	while (low < high) {
		middle = int((low + high + 1) / 2)
		if (address[middle] <= pc)
			low = middle
		else
			high = middle - 1
	}
	return at[pc] = part[low] "|" symbol[low]
}

function finish(f) {
	calls[current]++
	seen[current, total]++
	if (current in least && least[current] <= total)
		return
	least[current] = total
	text[current] = ""
	for (f in count)
		text[current] = text[current] current "|" f "|" count[f] "|" first[f] "\n"
}

function step(pc, f) {
	if (substr(pc, 1, 4) == "0000") {
		if (inside)
			finish()
		inside = 0
		if (pc in op)
			current = op[pc]
		else if (pc == counted)
			due = current != ""
		return
	}
	if (!inside) {
		f = function_at(pc)
		if (!due || f !~ /\|entry_SYSCALL_64$/)
			return
		inside = 1
		due = total = 0
		split("", count)
		split("", first)
	}
	f = function_at(pc)
	total++
	if (!count[f]++)
		first[f] = total
}

# An instruction that an interrupt keeps from being run is logged all the same.
/^Trace / {
	if (pending != "")
		step(pending)
	split($4, field, "/")
	pending = field[2]
	next
}
/^Stopped / { pending = "" }

END {
	for (name in least) {
		total = least[name]
		printf "%s: %d instructions in %d of %d calls\n", name, total, seen[name, total], calls[name] >"/dev/stderr"
		printf "%s", text[name]
	}
}
