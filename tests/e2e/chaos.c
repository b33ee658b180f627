/* SPDX-License-Identifier: Apache-2.0
 * What a test cannot do to a machine it shares: LD_PRELOAD this, and the processes see the time of day moved by so many
 * seconds (monotonic clocks stay right), or a file system that has turned read-only. The file named by CHAOS_FILE holds
 * both, as two 64-bit integers, and may be changed while they run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t calm[2];
static const volatile int64_t *told = calm;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("CHAOS_FILE");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *seen = mmap(NULL, sizeof calm, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (seen != MAP_FAILED) told = seen;
}

int clock_gettime(clockid_t which, struct timespec *out) {
    int failed = (int)syscall(SYS_clock_gettime, which, out);
    if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) out->tv_sec += told[0];
    return failed;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    if (told[1]) {
        errno = EROFS;
        return -1;
    }
    return syscall(SYS_pwrite64, file, data, size, at);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at) { return pwrite64(file, data, size, at); }
