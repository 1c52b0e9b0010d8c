// What Swift's module of the GNU C library leaves out.
#ifdef __linux__
// How it keeps memory that is given back to it.
#include <malloc.h>
// The cores that a process may run on; <sched.h> declares it for _GNU_SOURCE only.
#include <sched.h>
extern int sched_getaffinity(pid_t process, size_t size, cpu_set_t *cores);
#endif
