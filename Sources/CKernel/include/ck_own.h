// This process's identity, and its children's ends.
#ifndef CK_OWN_H
#define CK_OWN_H
#include <stdint.h>
#include <sys/types.h>

// Always answers the former id; an id that may not be set is left as it was.
int ck_setfsuid(uid_t uid);
int ck_setfsgid(gid_t gid);
// waitid(2) with WNOWAIT: `status` as waitpid(2) has it. `pid` 0 means any child that has ended, without waiting;
// 0 is answered when there is none.
int ck_peek_exit(pid_t pid, int *status);
// poll(2) until `fd` can be read, in as little memory as can be: free heap, the stack below this call, and the program's
// code, which comes back from its file, are given up first. One function, or what runs in between would bring pages back.
int ck_rest_until_readable(int fd, int milliseconds);
#endif
