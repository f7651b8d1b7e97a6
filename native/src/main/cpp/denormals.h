// Denormal floats (below 1.2e-38) cost a hundred times a normal one on x86; as zeros they are free.
#pragma once

#include <cstdint>

#include "torch_abi.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace graft {

// Sets this thread's mode; returns what it was.
inline bool set_flush_to_zero(bool on) {
#if defined(__x86_64__)
  constexpr unsigned kFlushAndZero = 0x8040;  // results and arguments
  const unsigned control = _mm_getcsr();
  _mm_setcsr(on ? control | kFlushAndZero : control & ~kFlushAndZero);
  return (control & kFlushAndZero) == kFlushAndZero;
#else
  (void)on;
  return false;
#endif
}

// Denormals are zeros as long as this lives, on this thread.
class FlushToZero {
 public:
  FlushToZero() : before_(set_flush_to_zero(true)) {}
  ~FlushToZero() { set_flush_to_zero(before_); }
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;

 private:
  const bool before_;
};

// Sets the mode of this thread and of the threads that work for it; returns what this one's was.
inline bool flush_denormals(bool on) {
  const bool before = set_flush_to_zero(on);
  uint32_t threads = 1;
  torch_get_num_threads(&threads);
  parallel_for(0, threads, 1, [on](int64_t, int64_t) { set_flush_to_zero(on); });
  return before;
}

}  // namespace graft
