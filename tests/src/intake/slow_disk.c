/* A disk that takes its time: every flush of the process it is loaded into takes YIMEN_FLUSH_US microseconds more.
   Loaded by `--flush-ms` of bench-intake (see disk.rs); the flush itself is the real one and comes first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static void wait_longer(void) {
    const char *text = getenv("YIMEN_FLUSH_US");
    long micros = text ? atol(text) : 0;
    struct timespec left = {micros / 1000000, micros % 1000000 * 1000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

static int flush(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = real(file);
    int error = errno;
    wait_longer();
    errno = error;
    return result;
}

int fsync(int file) { return flush("fsync", file); }
int fdatasync(int file) { return flush("fdatasync", file); }
