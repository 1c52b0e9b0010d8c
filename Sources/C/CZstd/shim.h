#pragma once
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

/// ZSTD_CONTENTSIZE_ERROR and ZSTD_CONTENTSIZE_UNKNOWN are macros with casts, which Swift cannot import.
static inline int czstd_knows_content_size(unsigned long long size) {
    return size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR;
}
