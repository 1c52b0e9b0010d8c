#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Asked again and again, on the thread that computes, whether its work is no longer wanted.
typedef struct {
    /// `NULL`: never interrupted.
    bool (*is_interrupted)(void *context);
    void *context;
} geos_interruption;

/// Makes GEOS ask on this thread, and returns what it asked before. A function of GEOS that is interrupted returns as
/// one that has failed.
geos_interruption geos_interruption_exchange(geos_interruption interruption);

/// What GEOS asks on this thread.
geos_interruption geos_interruption_current(void);

#ifdef __cplusplus
}
#endif
