# SPDX-License-Identifier: GPL-2.0
# awk -f table.awk cost.csv: the same for people, in blocks of columns that fit, with
# what the module adds to a stock kernel, and what a refusal is of a native one's.
BEGIN { FS = "," }
NR == 1 {
	for (c = 2; c <= NF; c++)
		at[$c] = c
	nr_columns = NF
	for (c = 1; c <= NF; c++)
		name[c] = $c
	next
}
{
	rows++
	for (c = 1; c <= nr_columns; c++)
		cell[rows, c] = $c
}

function both(r, a, b) {
	return (a in at) && (b in at) && cell[r, at[a]] != "" && cell[r, at[b]] != ""
}

function more(r, a, b) {
	return both(r, a, b) ? sprintf("%+d", cell[r, at[a]] - cell[r, at[b]]) : "-"
}

function part(r, a, b) {
	return both(r, a, b) && cell[r, at[b]] + 0 ? \
		sprintf("%.2f", cell[r, at[a]] / cell[r, at[b]]) : "-"
}

END {
	for (first = 2; first <= nr_columns; first += 7) {
		printf "%-22s", "operation"
		for (c = first; c < first + 7 && c <= nr_columns; c++)
			printf " %15s", name[c]
		printf "\n"
		for (r = 1; r <= rows; r++) {
			printf "%-22s", cell[r, 1]
			for (c = first; c < first + 7 && c <= nr_columns; c++)
				printf " %15s", cell[r, c] == "" ? "-" : cell[r, c]
			printf "\n"
		}
		printf "\n"
	}
	printf "%-22s %10s %10s %10s %10s %10s %12s %12s\n", "module less stock", "none",
		"other", "1", "10000", "100000", "1/native", "10000/native"
	for (r = 1; r <= rows; r++)
		printf "%-22s %10s %10s %10s %10s %10s %12s %12s\n", cell[r, 1],
			more(r, "module/none", "stock/none"),
			more(r, "module/other", "stock/none"),
			more(r, "module/1", "stock/none"),
			more(r, "module/10000", "stock/none"),
			more(r, "module/100000", "stock/none"),
			part(r, "module/1", "native/1"),
			part(r, "module/10000", "native/10000")
}
