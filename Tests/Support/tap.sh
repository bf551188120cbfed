# shellcheck shell=bash
# Results of checks as TAP (https://testanything.org), for the suites of Tests/Clients and Tests/Plugins.
count=0 failures=0

ok() { count=$((count + 1)); echo "ok $count - $1"; }
skip() { count=$((count + 1)); echo "ok $count - $1 # SKIP $2"; }

# not_ok NAME: standard input is what a person needs to see.
not_ok() {
    count=$((count + 1)) failures=$((failures + 1))
    echo "not ok $count - $1"
    head -n 40 | cut -c 1-400 | sed 's/^/#   /'
}

# Says how many checks there were, and ends the suite.
finish_tap() {
    echo "1..$count"
    [ "$failures" = 0 ]
    exit
}
