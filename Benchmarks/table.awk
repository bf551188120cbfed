# Lines "work TAB unit TAB tool TAB figure" become a Markdown table, one row for each work in the order of their first line.
{
    if (!($1 in unit)) { order[++n] = $1; unit[$1] = $2 }
    figure[$1, $3] = $4
}
function ratio(work, tool) {
    if (!((work, tool) in figure) || figure[work, tool] + 0 == 0 || !((work, "apus") in figure)) return "-"
    return sprintf("%.2f", figure[work, "apus"] / figure[work, tool])
}
function show(work, tool) { return (work, tool) in figure ? figure[work, tool] : "-" }
END {
    print "| work | unit | apus | crun | runc | floor | apus/crun | apus/runc | apus/floor |"
    print "|---|---|---:|---:|---:|---:|---:|---:|---:|"
    for (i = 1; i <= n; i++) {
        w = order[i]
        print "| " w " | " unit[w] " | " show(w, "apus") " | " show(w, "crun") " | " show(w, "runc") " | " show(w, "floor") " | " \
            ratio(w, "crun") " | " ratio(w, "runc") " | " ratio(w, "floor") " |"
    }
}
