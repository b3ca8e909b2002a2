# SPDX-License-Identifier: GPL-2.0
# awk -f csv.awk lines: a row for each operation, a column for each state.
BEGIN { FS = "|" }
!($2 in row) {
	row[$2]
	rows[++nr_rows] = $2
}
!($1 in column) {
	column[$1]
	columns[++nr_columns] = $1
}
{ cost[$2, $1] = $3 }
END {
	line = "operation"
	for (c = 1; c <= nr_columns; c++)
		line = line "," columns[c]
	print line
	for (r = 1; r <= nr_rows; r++) {
		line = rows[r]
		for (c = 1; c <= nr_columns; c++)
			line = line "," cost[rows[r], columns[c]]
		print line
	}
}
