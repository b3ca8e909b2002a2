# SPDX-License-Identifier: GPL-2.0
# Names of operations, then lines OPERATION|PART|FUNCTION|INSTRUCTIONS|FIRST|COLUMN, to
# a table for each operation: its functions in the order in which the last column
# enters them. What is the same in all columns is one line.

BEGIN {
	FS = "|"
	nr_columns = split(columns, column, " ")
	last = column[nr_columns]
	split("kernel ftrace mseal", parts, " ")
}

NR == FNR { operation[++nr_operations] = $0; next }

{
	key = $1 SUBSEP $2 "|" $3
	if (!(key in known)) {
		known[key] = 1
		name[$1, ++nr[$1]] = $2 "|" $3
	}
	cost[key, $6] = $4
	sum[$1, $2, $6] += $4
	total[$1, $6] += $4
	if ($6 == last)
		enters[key] = $5
}

function row(text, values, i) {
	printf "%-44s", text
	for (i = 1; i <= nr_columns; i++)
		printf " %14s", values[i]
	printf "\n"
}

function same(key, i) {
	for (i = 2; i <= nr_columns; i++)
		if (cost[key, column[i]] != cost[key, column[1]])
			return 0
	return nr_columns > 1
}

# By the first instruction; what the last column doesn't enter comes behind.
function sort_names(op, i, j, moved) {
	for (i = 2; i <= nr[op]; i++) {
		moved = name[op, i]
		for (j = i; j > 1 && place(op, name[op, j - 1]) > place(op, moved); j--)
			name[op, j] = name[op, j - 1]
		name[op, j] = moved
	}
}

function place(op, function_name) {
	if ((op SUBSEP function_name) in enters)
		return enters[op, function_name] + 0
	return 1e9
}

function sums(op, p, i) {
	for (i = 1; i <= nr_columns; i++)
		value[i] = total[op, column[i]] + 0
	row("all", value)
	for (p = 1; p <= 3; p++) {
		for (i = 1; i <= nr_columns; i++)
			value[i] = sum[op, parts[p], column[i]] + 0
		row("  " parts[p], value)
	}
}

function table(op, n, i, key, field, alike, functions) {
	sort_names(op)
	row(op, column)
	sums(op)
	for (n = 1; n <= nr[op]; n++) {
		key = op SUBSEP name[op, n]
		if (same(key)) {
			alike += cost[key, last]
			functions++
			continue
		}
		split(name[op, n], field, "|")
		for (i = 1; i <= nr_columns; i++)
			value[i] = cost[key, column[i]] == "" ? "-" : cost[key, column[i]]
		row(sprintf("%-7s %s", field[1], field[2]), value)
	}
	if (functions) {
		for (i = 1; i <= nr_columns; i++)
			value[i] = alike
		row("kernel  " functions " functions, the same in all", value)
	}
}

END {
	for (o = 1; o <= nr_operations; o++) {
		for (i = 1; i <= nr_columns; i++)
			if (!((operation[o], column[i]) in total)) {
				printf "profile: %s: no call of \"%s\" was seen whole\n",
					column[i], operation[o] >"/dev/stderr"
				failed = 1
			}
		if (o > 1)
			printf "\n"
		table(operation[o])
	}
	exit failed
}
