# SPDX-License-Identifier: GPL-2.0
# awk -f check.awk limits lines: does what was measured keep within its limits? Of what
# was measured more than once the least counts.
BEGIN { FS = "|" }
FNR == 1 { file++ }
/^#/ || !NF { next }
file == 1 {
	rules[++nr] = $0
	next
}
{
	if (!(($1, $2) in cost) || $3 < cost[$1, $2])
		cost[$1, $2] = $3 + 0
	if ($1 ~ /\/hooks$/)
		hooks[substr($1, 1, index($1, "/") - 1), $2] = $3
}

function trim(text) {
	gsub(/^ +| +$/, "", text)
	return text
}

# What the rule limits; "" if it wasn't measured, or means nothing.
function value(rule, op, a, b,    world, n) {
	if (!((a, op) in cost) || (b != "" && !((b, op) in cost)))
		return ""
	if (rule == "most")
		return cost[a, op]
	if (rule == "add")
		return cost[a, op] - cost[b, op]
	if (rule == "growth") {
		n = cost[b, op] - cost["stock/none", op]
		return n > 0 ? (cost[a, op] - cost["stock/none", op]) / n : ""
	}
	if (rule == "ratio")
		return cost[b, op] ? cost[a, op] / cost[b, op] : ""
	world = substr(a, 1, index(a, "/") - 1)
	n = hooks[world, op]
	if (rule == "hook" && n > 0)
		return (cost[a, op] - cost[b, op]) / n
	return ""
}

END {
	for (i = 1; i <= nr; i++) {
		split(rules[i], field, "|")
		rule = trim(field[1]); op = trim(field[2]); a = trim(field[3])
		b = trim(field[4]); limit = trim(field[5]); aim = trim(field[6])
		got = value(rule, op, a, b)
		if (got == "")
			verdict = "NOT MEASURED"
		else
			verdict = got + 0 <= limit + 0 ? "ok" : "TOO MUCH"
		if (verdict == "ok")
			passed++
		else
			failed++
		printf "%-13s %-6s %-24s %-18s %-12s %9.2f of %s%s\n", verdict, rule, op, a, b,
			got, limit, aim == "" ? "" : ", aim " aim
	}
	printf "%d passed, %d failed\n", passed, failed
	exit failed > 0 || !passed
}
