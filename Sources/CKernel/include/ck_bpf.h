// Programs of cgroup v2 which decide about devices. bpf(2).
#ifndef CK_BPF_H
#define CK_BPF_H
#include <stdint.h>

// Loads a BPF_PROG_TYPE_CGROUP_DEVICE program of `count` instructions. `log` takes the verifier's words; may be NULL.
int ck_bpf_load_device_program(const uint64_t *instructions, uint32_t count, char *log, uint32_t log_size);
// Attaches with BPF_F_ALLOW_MULTI. `replaced` is -1, or a program which is replaced in the same moment.
int ck_bpf_attach_device_program(int cgroup, int program, int replaced);
int ck_bpf_detach_device_program(int cgroup, int program);
// The ids of attached device programs; the answer is how many there are, of which at most `room` are filled in.
int ck_bpf_query_device_programs(int cgroup, uint32_t *ids, uint32_t room);
int ck_bpf_open_program(uint32_t id);
#endif
