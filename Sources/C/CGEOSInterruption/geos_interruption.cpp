#include "geos_interruption.h"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>
#include <stdexcept>

// GEOS calls one function of the whole process, on the thread that computes. Its own way to stop, a flag, is of the whole
// process, too, and may stop another thread. An exception stops this one: GEOS's C API catches it, as any other.

namespace {

thread_local geos_interruption current = {nullptr, nullptr};

void check() {
    if (current.is_interrupted != nullptr && current.is_interrupted(current.context)) {
        throw std::runtime_error("interrupted");
    }
}

}  // namespace

geos_interruption geos_interruption_exchange(geos_interruption interruption) {
    static const auto previous = GEOS_interruptRegisterCallback(check);
    (void)previous;
    const geos_interruption before = current;
    current = interruption;
    return before;
}

geos_interruption geos_interruption_current(void) { return current; }
