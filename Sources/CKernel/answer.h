#ifndef ANSWER_H
#define ANSWER_H
#include <errno.h>
#define ANSWER(call) ({ __typeof__(call) answer_ = (call); answer_ < 0 ? -errno : answer_; })
#endif
