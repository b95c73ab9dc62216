#pragma once
#include <zlib.h>

/* inflateInit2 is a macro, which Swift does not see. 16 asks for gzip's header and trailer. */
static inline int inflateInitGzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
