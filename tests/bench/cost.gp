# SPDX-License-Identifier: GPL-2.0
# Draws cost.csv, in the directory where it is, as cost.svg.
set terminal svg size 960,440 font "sans,12" background "white"
set output "cost.svg"
set datafile separator ","
set style data histogram
set style histogram clustered gap 1
set style fill solid 0.9 border -1
set boxwidth 0.9
set rmargin 8
set ylabel "instructions"
set yrange [0:*]
set grid ytics
set key top right
set xtics rotate by -20
set title "Calls on stock Debian 12, and sealing there and natively"
calls = "mmap|munmap|mmap over|mprotect|mremap grow|madvise discard|refused munmap|refused mmap over|refused mprotect|seal again|seal a fresh page|seal a middle page"
rows = sprintf("< awk -F, 'NR == 1 || $1 ~ /^(%s)$/' cost.csv", calls)
plot rows using (column("stock/none")):xtic(1) title "stock", \
     "" using (column("module/none")) title "module, nothing sealed", \
     "" using (column("module/other")) title "another process sealed", \
     "" using (column("module/10000")) title "10,000 ranges sealed", \
     "" using (column("native/1")) title "native, sealed"
