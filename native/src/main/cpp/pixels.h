// Interleaved bytes to normalised floats, one pass.
#pragma once

#include <cstdint>
#include <type_traits>

#include "torch_abi.h"

namespace graft {
namespace pixels {

GRAFT_CLONES
static void planes_of_3(const uint8_t* __restrict in, float* __restrict r, float* __restrict g,
                        float* __restrict b, int64_t count, const float* scale,
                        const float* shift) {
  const float s0 = scale[0], s1 = scale[1], s2 = scale[2];
  const float t0 = shift[0], t1 = shift[1], t2 = shift[2];
  for (int64_t i = 0; i < count; i++) {
    r[i] = in[3 * i] * s0 + t0;
    g[i] = in[3 * i + 1] * s1 + t1;
    b[i] = in[3 * i + 2] * s2 + t2;
  }
}

GRAFT_CLONES
static void plane(const uint8_t* __restrict in, float* __restrict out, int64_t count,
                  int64_t channels, float scale, float shift) {
  for (int64_t i = 0; i < count; i++) {
    out[i] = in[channels * i] * scale + shift;
  }
}

GRAFT_CLONES
static void interleaved(const uint8_t* __restrict in, float* __restrict out, int64_t count,
                        int64_t channels, const float* scale, const float* shift) {
  for (int64_t i = 0; i < count; i++) {
    for (int64_t c = 0; c < channels; c++) {
      out[channels * i + c] = in[channels * i + c] * scale[c] + shift[c];
    }
  }
}

}  // namespace pixels

// in: images of `area` pixels of `channels` bytes each. out: the same order where channels_last,
// else one plane per channel. Each value becomes value * scale[c] + shift[c].
inline void normalize_pixels(const uint8_t* in, int64_t out_address, int64_t images, int64_t area,
                             int64_t channels, const float* scale, const float* shift,
                             bool channels_last) {
  float* const out = reinterpret_cast<float*>(out_address);
  parallel_for(0, images, 1, [&](int64_t from, int64_t to) {
    for (int64_t image = from; image < to; image++) {
      const uint8_t* source = in + image * area * channels;
      float* target = out + image * area * channels;
      if (channels_last) {
        pixels::interleaved(source, target, area, channels, scale, shift);
      } else if (channels == 3) {
        pixels::planes_of_3(source, target, target + area, target + 2 * area, area, scale, shift);
      } else {
        for (int64_t c = 0; c < channels; c++) {
          pixels::plane(source + c, target + c * area, area, channels, scale[c], shift[c]);
        }
      }
    }
  });
}

}  // namespace graft
