let configurationRows: [ValidationTests.Row] = [
    ("ociVersion", "", "ociVersion: missing"),
    ("ociVersion", "1", "ociVersion: expected string, found integer"),
    ("ociVersion", #""2.0.0""#, "ociVersion: '2.0.0' is not supported (allowed: versions 1.x.y"),
    ("ociVersion", #""0.9.9""#, "ociVersion: '0.9.9'"), ("ociVersion", #""1.0""#, "ociVersion: '1.0'"),
    ("ociVersion", #""1.+1.0""#, "ociVersion: "), ("ociVersion", #""""#, "ociVersion: "),
    ("ociVersion", #""1.0.99999999999999999999""#, "ociVersion: "),
    ("root", "", "root: missing"), ("root.path", "", "root.path: missing"),
    ("root.path", #""""#, "root.path: must not be empty"),
    ("root.readonly", "1", "root.readonly: expected boolean"),
    ("hostname", "{}", "hostname: expected string, found object"),
    ("hostname", "\"\(String(repeating: "h", count: 65))\"", "hostname: is longer than 64 bytes"),
    ("linux.namespaces[4]", "", "hostname: needs a uts namespace"),
    ("mounts", "{}", "mounts: expected array"), ("mounts[0]", "1", "mounts[0]: expected object"),
    ("mounts[0].destination", "", "mounts[0].destination: missing"),
    ("mounts[0].destination", #""""#, "mounts[0].destination: must not be empty"),
    ("mounts[1].options[2]", "7", "mounts[1].options[2]: expected string"),
    ("mounts[1].gidMappings", "", "mounts[1].gidMappings: uidMappings and gidMappings need each other"),
    ("mounts[1].uidMappings[0].size", "0", "mounts[1].uidMappings[0].size: must be greater than 0"),
    ("hooks.prestart[0].path", #""a""#, "hooks.prestart[0].path: 'a' is not an absolute path"),
    ("hooks.poststop[0].path", "", "hooks.poststop[0].path: missing"),
    ("hooks.prestart[0].timeout", "0", "hooks.prestart[0].timeout: must be greater than 0"),
    ("hooks.prestart[0].timeout", "99999999999", "hooks.prestart[0].timeout: 99999999999 is out of range"),
    ("hooks.prestart[0].args[1]", "1", "hooks.prestart[0].args[1]: expected string"),
    ("annotations[\"\"]", #""x""#, "annotations: a name must not be empty"),
    ("annotations[\"org.example.a\"]", "1", "annotations[\"org.example.a\"]: expected string, found integer"),
]

let processRows: [ValidationTests.Row] = [
    ("process.args", "[]", "process.args: must begin with the name of a program"),
    ("process.args", "", "process.args: must begin"), ("process.args", #"[""]"#, "process.args: must begin"),
    ("process.args[0]", "null", "process.args[0]: expected string, found null"),
    ("process.cwd", "", "process.cwd: missing"), ("process.cwd", #""""#, "process.cwd: '' is not"),
    ("process.env[0]", #""PATH""#, "process.env[0]: 'PATH' is not NAME=value"),
    ("process.env[1]", #""=x""#, "process.env[1]: '=x' is not NAME=value"),
    ("process.terminal", #""yes""#, "process.terminal: expected boolean"),
    (
        "process.consoleSize.height", "65536",
        "process.consoleSize.height: 65536 is out of range (allowed: 0 to"
    ),
    ("process.user.uid", "-1", "process.user.uid: -1 is out of range (allowed: 0 to 4294967295)"),
    ("process.user.uid", "4294967295", "process.user.uid: 4294967295 is no id (allowed: 0 to 4294967294)"),
    ("process.user.gid", "4294967296", "process.user.gid: 4294967296 is out of range"),
    ("process.user.umask", "512", "process.user.umask: 512 is out of range (allowed: 0 to 511)"),
    ("process.user.additionalGids[1]", "4294967295", "process.user.additionalGids[1]: 4294967295 is no id"),
    ("process.user.additionalGids[1]", #""5""#, "process.user.additionalGids[1]: expected integer"),
    (
        "process.rlimits[0].type", #""RLIMIT_X""#,
        "process.rlimits[0].type: unknown value 'RLIMIT_X' (allowed: RLIMIT_AS,"
    ),
    (
        "process.rlimits[1].type", #""RLIMIT_NOFILE""#,
        "process.rlimits[1].type: 'RLIMIT_NOFILE' stands here a"
    ),
    ("process.rlimits[0].soft", "4096", "process.rlimits[0].soft: 4096 is more than the hard limit 2048"),
    ("process.rlimits[0].hard", "-1", "process.rlimits[0].hard: -1 is out of range"),
    ("process.rlimits[1].hard", "18446744073709551616", "process.rlimits[1].hard: expected integer"),
    ("process.oomScoreAdj", "-1001", "process.oomScoreAdj: -1001 is out of range (allowed: -1000 to 1000)"),
    ("process.oomScoreAdj", "1001", "process.oomScoreAdj: 1001"),
    ("process.oomScoreAdj", "9223372036854775807", "process.oomScoreAdj: 9223372036854775807 is out"),
    ("process.capabilities.bounding[0]", "1", "process.capabilities.bounding[0]: expected string"),
    ("process.capabilities", "[]", "process.capabilities: expected object"),
    ("process.scheduler.policy", "", "process.scheduler.policy: missing"),
    (
        "process.scheduler.policy", #""SCHED_X""#,
        "process.scheduler.policy: unknown value 'SCHED_X' (allowed: SCHED_OTHER,"
    ),
    (
        "process.scheduler.flags[0]", #""X""#,
        "process.scheduler.flags[0]: unknown value 'X' (allowed: SCHED_FLAG_"
    ),
    ("process.scheduler.nice", "20", "process.scheduler.nice: 20 is out of range (allowed: -20 to 19)"),
    ("process.scheduler.nice", "-2147483649", "process.scheduler.nice: -2147483649"),
    ("process.scheduler.priority", "1", "process.scheduler.priority: is only for SCHED_FIFO and SCHED_RR"),
    (
        "process.scheduler", #"{"policy":"SCHED_FIFO"}"#,
        "process.scheduler.priority: 0 is out of range (allowed: 1 to 99)"
    ),
    ("process.scheduler", #"{"policy":"SCHED_RR","priority":100}"#, "process.scheduler.priority: 100 is out"),
    (
        "process.scheduler", #"{"policy":"SCHED_OTHER","period":1}"#,
        "process.scheduler.period: is only for SCHED_DEADLINE"
    ),
    ("process.scheduler.runtime", "0", "process.scheduler.runtime: must be greater than 0"),
    (
        "process.scheduler.deadline", "1",
        "process.scheduler.deadline: 1 is out of range (allowed: the runtime"
    ),
    ("process.scheduler.deadline", "18446744073709551615", "process.scheduler.deadline: "),
    ("process.scheduler.period", "1", "process.scheduler.period: 1 is out of range"),
    ("process.ioPriority.priority", "8", "process.ioPriority.priority: 8 is out of range (allowed: 0 to 7)"),
    ("process.ioPriority.class", #""IOPRIO_CLASS_NONE""#, "process.ioPriority.class: unknown value"),
    ("process.execCPUAffinity.initial", #""0-""#, "process.execCPUAffinity.initial: '0-' is not a list"),
    ("process.execCPUAffinity.final", #""3-1""#, "process.execCPUAffinity.final: '3-1' is not a list"),
]
