#pragma once
#include <zlib.h>

/// deflateInit2 and inflateInit2 are macros that pass the size of the struct, which Swift cannot import.
/// 15 + 16: the largest window, in gzip framing.
static inline int czlib_deflate_init_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int czlib_inflate_init_gzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

/// 15 + 32: the largest window, in gzip or in zlib framing, whichever the bytes have.
static inline int czlib_inflate_init_any(z_stream *stream) {
    return inflateInit2(stream, 15 + 32);
}
