// Capabilities, the attributes prctl(2) sets, and the session keyring.
#ifndef CK_CREDENTIAL_H
#define CK_CREDENTIAL_H
#include <stdint.h>
#include <sys/types.h>

// capset(2) on this process, version 3 of the structure.
int ck_set_capabilities(uint64_t effective, uint64_t permitted, uint64_t inheritable);
int ck_get_capabilities(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable);
int ck_set_process_name(const char *name);

int ck_join_session_keyring(const char *name);
// Length of the text with its NUL, which may be more than `size`. keyctl(2), KEYCTL_DESCRIBE.
int ck_describe_key(int key, char *buffer, size_t size);
int ck_set_key_permissions(int key, uint32_t permissions);

enum { CK_PR_SET_PDEATHSIG = 1, CK_PR_SET_DUMPABLE = 4, CK_PR_SET_KEEPCAPS = 8, CK_PR_CAPBSET_READ = 23,
       CK_PR_CAPBSET_DROP = 24, CK_PR_SET_CHILD_SUBREAPER = 36, CK_PR_SET_NO_NEW_PRIVS = 38,
       CK_PR_GET_NO_NEW_PRIVS = 39, CK_PR_CAP_AMBIENT = 47 };
enum { CK_PR_CAP_AMBIENT_RAISE = 2, CK_PR_CAP_AMBIENT_CLEAR_ALL = 4 };
#endif
