// The process environment. Kept apart from the kernels: it must load before anything that links to
// LibTorch or OpenMP, because those read their variables while they load.
#pragma once

#include <cstdlib>

namespace graft {

// Sets a variable unless it is there already; true if it was set.
inline bool set_if_absent(const char* name, const char* value) {
  return std::getenv(name) == nullptr && setenv(name, value, /*overwrite=*/0) == 0;
}

inline const char* get(const char* name) { return std::getenv(name); }

}  // namespace graft
