#define _GNU_SOURCE
#include "ck_terminal.h"
#include "answer.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int ck_terminal_peer(int master, int flags) { return ANSWER(ioctl(master, TIOCGPTPEER, flags)); }
int ck_terminal_unlock(int master)
{
    int no = 0;
    return ANSWER(ioctl(master, TIOCSPTLCK, &no));
}
int ck_make_controlling_terminal(int fd) { return ANSWER(ioctl(fd, TIOCSCTTY, 0)); }
int ck_set_foreground(int fd) { return ANSWER(tcsetpgrp(fd, getpgrp())); }
int ck_set_window_size(int fd, uint16_t rows, uint16_t columns)
{
    struct winsize size = { .ws_row = rows, .ws_col = columns };
    return ANSWER(ioctl(fd, TIOCSWINSZ, &size));
}
int ck_get_window_size(int fd, uint16_t *rows, uint16_t *columns)
{
    struct winsize size = { 0 };
    int got = ANSWER(ioctl(fd, TIOCGWINSZ, &size));
    *rows = size.ws_row;
    *columns = size.ws_col;
    return got;
}
int ck_copy_window_size(int from, int to)
{
    struct winsize size;
    int got = ANSWER(ioctl(from, TIOCGWINSZ, &size));
    return got < 0 ? got : ANSWER(ioctl(to, TIOCSWINSZ, &size));
}
int ck_is_terminal(int fd) { return isatty(fd); }
int ck_make_raw(int fd, void *saved)
{
    _Static_assert(sizeof(struct termios) <= ck_terminal_settings_size, "room for the settings");
    struct termios now;
    int got = ANSWER(tcgetattr(fd, &now));
    if (got < 0) return got;
    memcpy(saved, &now, sizeof now);
    cfmakeraw(&now);
    return ANSWER(tcsetattr(fd, TCSANOW, &now));
}
int ck_restore_terminal(int fd, const void *saved)
{
    struct termios before;
    memcpy(&before, saved, sizeof before);
    return ANSWER(tcsetattr(fd, TCSANOW, &before));
}
