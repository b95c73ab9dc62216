#pragma once

// SHA-256 by the instructions that processors have for it, which Swift cannot name. Whoever includes
// this asks first whether they are there.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static inline bool has_sha256_instructions(void) {
  unsigned a, b, c, d;
  bool has_shuffles = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSSE3) && (c & bit_SSE4_1);
  return has_shuffles && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

// Takes in blocks of 64 bytes. The state has the words a to h; `constants` are the 64 of the standard.
__attribute__((target("sha,sse4.1,ssse3")))
static inline void absorb_sha256_blocks(
    uint32_t *state, const uint32_t *constants, const uint8_t *bytes, size_t block_count) {
  // The instructions want the words as f, e, b, a and as h, g, d, c, from the lowest up.
  __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
  __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (; block_count > 0; block_count--, bytes += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i words[4];
    for (int part = 0; part < 4; part++)
      words[part] = _mm_shuffle_epi8(
          _mm_loadu_si128((const __m128i *)(bytes + 16 * part)), big_endian);
#pragma clang loop unroll(full)
    for (int round = 0; round < 16; round++) {  // Four rounds of the standard each.
      const __m128i now = words[round % 4];
      const __m128i sum = _mm_add_epi32(
          now, _mm_loadu_si128((const __m128i *)(constants + 4 * round)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
      if (round < 12) {
        const __m128i last = words[(round + 3) % 4];
        const __m128i seventh = _mm_alignr_epi8(last, words[(round + 2) % 4], 4);
        words[round % 4] = _mm_sha256msg2_epu32(
            _mm_add_epi32(_mm_sha256msg1_epu32(now, words[(round + 1) % 4]), seventh), last);
      }
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
  __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

static inline bool has_sha256_instructions(void) { return false; }

static inline void absorb_sha256_blocks(
    uint32_t *state, const uint32_t *constants, const uint8_t *bytes, size_t block_count) {
  (void)state, (void)constants, (void)bytes, (void)block_count;
}

#endif
