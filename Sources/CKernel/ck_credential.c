#define _GNU_SOURCE
#include "ck_credential.h"
#include "answer.h"
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int ck_set_capabilities(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2] = {
        { .effective = (uint32_t)effective, .permitted = (uint32_t)permitted, .inheritable = (uint32_t)inheritable },
        { .effective = (uint32_t)(effective >> 32), .permitted = (uint32_t)(permitted >> 32),
          .inheritable = (uint32_t)(inheritable >> 32) } };
    return (int)ANSWER(syscall(SYS_capset, &header, data));
}
int ck_get_capabilities(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2] = { { 0 }, { 0 } };
    int answer = (int)ANSWER(syscall(SYS_capget, &header, data));
    *effective = (uint64_t)data[1].effective << 32 | data[0].effective;
    *permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
    *inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable;
    return answer;
}
int ck_set_process_name(const char *name) { return ANSWER(prctl(PR_SET_NAME, name, 0, 0, 0)); }

int ck_join_session_keyring(const char *name)
{
    return (int)ANSWER(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name, 0, 0, 0));
}
int ck_describe_key(int key, char *buffer, size_t size)
{
    return (int)ANSWER(syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, buffer, size, 0));
}
int ck_set_key_permissions(int key, uint32_t permissions)
{
    return (int)ANSWER(syscall(SYS_keyctl, KEYCTL_SETPERM, key, permissions, 0, 0));
}
