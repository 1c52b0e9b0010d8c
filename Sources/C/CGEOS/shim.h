#pragma once

/// Without this the header also declares the functions that share one global context.
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>
