# From containers' seccomp.json to config.json's linux.seccomp, for x86-64 and the capabilities an engine gives by default.
["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP",
 "CAP_SETUID", "CAP_SYS_CHROOT"] as $caps
| def has_one($list; $wanted): ($list // []) | any(. as $item | $wanted | index($item));
{ defaultAction, defaultErrnoRet, architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
  syscalls: [ .syscalls[]
    | select((.includes.arches // []) == [] or has_one(.includes.arches; ["amd64"]))
    | select((.includes.caps // []) == [] or has_one(.includes.caps; $caps))
    | select(has_one(.excludes.arches; ["amd64"]) or has_one(.excludes.caps; $caps) | not)
    | { names, action } + (if .errnoRet then { errnoRet } else {} end)
      + (if (.args // []) == [] then {} else { args: [.args[] | { index, value, valueTwo, op } | with_entries(select(.value != null))] } end) ] }
| with_entries(select(.value != null))
