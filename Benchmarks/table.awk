# Lines "work TAB unit TAB tool TAB figure" become a Markdown table, one row for each work in the order of their first line.
# -v tools="crun runc floor": the columns beside ours, and those our ratio is given to.
{
    if (!($1 in unit)) { order[++n] = $1; unit[$1] = $2 }
    figure[$1, $3] = $4
}
function ratio(work, tool,    value) {
    if (!((work, tool) in figure) || figure[work, tool] + 0 == 0 || !((work, "apus") in figure)) return "-"
    value = figure[work, "apus"] / figure[work, tool]
    # Two places would leave nothing of a very small one.
    return sprintf(value < 0.01 ? "%.3f" : "%.2f", value)
}
function show(work, tool) { return (work, tool) in figure ? figure[work, tool] : "-" }
END {
    count = split(tools, tool, " ")
    head = "| work | unit | apus |"; rule = "|---|---|---:|"
    for (t = 1; t <= count; t++) { head = head " " tool[t] " |"; rule = rule "---:|" }
    for (t = 1; t <= count; t++) { head = head " apus/" tool[t] " |"; rule = rule "---:|" }
    print head; print rule
    for (i = 1; i <= n; i++) {
        line = "| " order[i] " | " unit[order[i]] " | " show(order[i], "apus") " |"
        for (t = 1; t <= count; t++) line = line " " show(order[i], tool[t]) " |"
        for (t = 1; t <= count; t++) line = line " " ratio(order[i], tool[t]) " |"
        print line
    }
}
