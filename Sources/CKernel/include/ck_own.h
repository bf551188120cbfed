// This process's own program file and identity.
#ifndef CK_OWN_H
#define CK_OWN_H
#include <stdint.h>
#include <sys/types.h>

// f_flags of fstatfs(2).
int64_t ck_fstatfs_flags(int fd);
int ck_add_seals(int fd, int seals);
int ck_get_seals(int fd);
// Always answers the former id; an id that may not be set is left as it was.
int ck_setfsuid(uid_t uid);
int ck_setfsgid(gid_t gid);
// waitid(2) with WNOWAIT: `status` as waitpid(2) has it. `pid` 0 means any child that has ended, without waiting;
// 0 is answered when there is none.
int ck_peek_exit(pid_t pid, int *status);
enum { CK_ST_RDONLY = 1, CK_SEALS_ALL = 0xf, CK_MFD_CLOEXEC = 1, CK_MFD_ALLOW_SEALING = 2, CK_MFD_EXEC = 0x10 };
#endif
