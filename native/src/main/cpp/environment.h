// The process environment and the allocator of C. Kept apart from the kernels: it must load before
// anything that links to LibTorch or OpenMP, because those read their variables while they load.
#pragma once

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace graft {

// Sets a variable unless it is there already; true if it was set.
inline bool set_if_absent(const char* name, const char* value) {
  return std::getenv(name) == nullptr && setenv(name, value, /*overwrite=*/0) == 0;
}

inline const char* get(const char* name) { return std::getenv(name); }

// Tells the allocator of C to keep what is freed, up to `spare` bytes at the end of the heap, and to
// map only pieces of `mapped` bytes and more by themselves; false where the allocator has no such
// settings. The padding keeps the heaps of other threads, 64 MiB each, from being unmapped: the
// backward pass runs in a thread of its own.
inline bool keep_freed_memory(int mapped, int spare) {
#ifdef __GLIBC__
  return mallopt(M_MMAP_THRESHOLD, mapped) == 1 && mallopt(M_TRIM_THRESHOLD, spare) == 1 &&
         mallopt(M_TOP_PAD, 64 << 20) == 1;
#else
  return false;
#endif
}

}  // namespace graft
