// A whole optimiser step over all parameters in one call: global norm of the gradients, clipping,
// and the update. The reference in plain tensor operations is PlainUpdate.java; the formulas and
// their sources stand there.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "denormals.h"
#include "torch_abi.h"

namespace graft {
namespace optimizer {

// Elements per task. A fixed size, so that the norm is summed in the same order whatever the
// number of threads; 8 streams of it fit the second-level cache.
constexpr int64_t kChunk = 1 << 14;

struct Slot {
  float* parameter;
  const float* gradient;
  float* first;   // Adam: mean of gradients; SGD: momentum, or null
  float* second;  // Adam: mean of squares; SGD: null
  int64_t start;  // position of the first element among all elements of the call
  int64_t count;
  int64_t index;  // which parameter
};

struct Scalars {
  float clip, l2, keep, rate, a1, b2, a2, inv_root2, eps, momentum, undamped;
  bool nesterov, first_step;
};

GRAFT_CLONES
static double sum_of_squares(const float* x, int64_t count) {
  // Sixteen independent sums in double: no overflow for any float, so the total is finite exactly
  // when every element is.
  double lanes[16] = {};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (int lane = 0; lane < 16; lane++) {
      double value = x[i + lane];
      lanes[lane] += value * value;
    }
  }
  double sum = 0;
  for (; i < count; i++) {
    sum += static_cast<double>(x[i]) * x[i];
  }
  for (double lane : lanes) {
    sum += lane;
  }
  return sum;
}

GRAFT_CLONES
static void adam(float* __restrict p, const float* __restrict g, float* __restrict m,
                 float* __restrict v, int64_t count, const Scalars& scalars) {
  const Scalars s = scalars;
  for (int64_t i = 0; i < count; i++) {
    float gradient = g[i] * s.clip + s.l2 * p[i];
    float mean = m[i] + s.a1 * (gradient - m[i]);
    float square = s.b2 * v[i] + s.a2 * (gradient * gradient);
    m[i] = mean;
    v[i] = square;
    p[i] = s.keep * p[i] - s.rate * mean / (std::sqrt(square) * s.inv_root2 + s.eps);
  }
}

GRAFT_CLONES
static void sgd(float* __restrict p, const float* __restrict g, int64_t count,
                const Scalars& scalars) {
  const Scalars s = scalars;
  for (int64_t i = 0; i < count; i++) {
    p[i] = s.keep * p[i] - s.rate * (g[i] * s.clip + s.l2 * p[i]);
  }
}

GRAFT_CLONES
static void sgd_momentum(float* __restrict p, const float* __restrict g, float* __restrict b,
                         int64_t count, const Scalars& scalars) {
  const Scalars s = scalars;
  for (int64_t i = 0; i < count; i++) {
    float gradient = g[i] * s.clip + s.l2 * p[i];
    float buffer = s.first_step ? gradient : s.momentum * b[i] + s.undamped * gradient;
    b[i] = buffer;
    p[i] = s.keep * p[i] - s.rate * (s.nesterov ? gradient + s.momentum * buffer : buffer);
  }
}

// What the ABI tells about a tensor, asked once.
struct View {
  int64_t dim = 0, count = 0;
  int64_t *sizes = nullptr, *strides = nullptr;
  float* data = nullptr;
  bool readable = false;  // 32-bit floats on the CPU that fill their memory without gaps or overlap
};

inline View view(int64_t address) {
  AtenTensorHandle tensor = reinterpret_cast<AtenTensorHandle>(address);
  View v;
  int32_t dtype = -1, layout = -1, device = -1;
  aoti_torch_get_dtype(tensor, &dtype);
  aoti_torch_get_layout(tensor, &layout);
  aoti_torch_get_device_type(tensor, &device);
  if (dtype != aoti_torch_dtype_float32() || layout != aoti_torch_layout_strided() ||
      device != aoti_torch_device_type_cpu()) {
    return v;
  }
  aoti_torch_get_dim(tensor, &v.dim);
  aoti_torch_get_numel(tensor, &v.count);
  aoti_torch_get_sizes(tensor, &v.sizes);
  aoti_torch_get_strides(tensor, &v.strides);
  void* data = nullptr;
  aoti_torch_get_data_ptr(tensor, &data);
  v.data = static_cast<float*>(data);
  int64_t last = 0;
  for (int64_t d = 0; d < v.dim; d++) {
    last += (v.sizes[d] - 1) * v.strides[d];
  }
  v.readable = v.count == 0 || last == v.count - 1;
  return v;
}

inline bool is_defined(int64_t address) {
  bool defined = false;
  aoti_torch_is_defined(reinterpret_cast<AtenTensorHandle>(address), &defined);
  return defined;
}

// True if element i of both lies at the same place.
inline bool same_layout(const View& a, const View& b) {
  if (a.dim != b.dim) {
    return false;
  }
  for (int64_t d = 0; d < a.dim; d++) {
    const bool stride_matters = a.sizes[d] > 1 && a.count > 0;
    if (a.sizes[d] != b.sizes[d] || (stride_matters && a.strides[d] != b.strides[d])) {
      return false;
    }
  }
  return true;
}

// Calls body(slot, offset in slot, length) for every piece of chunk `chunk`, in order.
template <class Body>
inline void pieces(const std::vector<Slot>& slots, int64_t chunk, Body&& body) {
  int64_t position = chunk * kChunk;
  const int64_t end = position + kChunk;
  auto slot = std::upper_bound(slots.begin(), slots.end(), position,
                               [](int64_t at, const Slot& s) { return at < s.start; }) - 1;
  for (; slot != slots.end() && slot->start < end; ++slot) {
    int64_t offset = std::max<int64_t>(position - slot->start, 0);
    int64_t length = std::min(slot->count, end - slot->start) - offset;
    if (length > 0) {
      body(*slot, offset, length);
    }
  }
}

inline double norm(const std::vector<Slot>& slots, int64_t chunks) {
  std::vector<double> sums(chunks, 0.0);
  parallel_for(0, chunks, 1, [&](int64_t from, int64_t to) {
    for (int64_t chunk = from; chunk < to; chunk++) {
      pieces(slots, chunk, [&](const Slot& slot, int64_t offset, int64_t length) {
        sums[chunk] += sum_of_squares(slot.gradient + offset, length);
      });
    }
  });
  double total = 0;
  for (double sum : sums) {
    total += sum;
  }
  return std::sqrt(total);
}

// Fills `slots` with the parameters that have a gradient; returns 0, or -1 - i where the memory of
// parameter i, its gradient or its state is not laid out alike.
inline double collect(const int64_t* handles, int64_t count, std::vector<Slot>& slots) {
  slots.reserve(count);
  int64_t total = 0;
  for (int64_t i = 0; i < count; i++) {
    const int64_t* tensors = handles + 4 * i;
    if (!is_defined(tensors[1])) {
      continue;
    }
    View views[4];
    for (int k = 0; k < 4; k++) {
      if (tensors[k] != 0) {
        views[k] = view(tensors[k]);
        if (!views[k].readable || !same_layout(views[0], views[k])) {
          return -1.0 - static_cast<double>(i);
        }
      }
    }
    slots.push_back(
        {views[0].data, views[1].data, views[2].data, views[3].data, total, views[0].count, i});
    total += views[0].count;
  }
  return 0;
}

inline int64_t chunk_count(const std::vector<Slot>& slots) {
  const int64_t total = slots.empty() ? 0 : slots.back().start + slots.back().count;
  return (total + kChunk - 1) / kChunk;
}

struct Rule {
  bool is_adam, decoupled;
  double beta1, beta2, eps, dampening;  // beta1 is SGD's momentum
  bool nesterov;
  double largest_norm;
};

inline Scalars scalars_of(const Rule& rule, double clip, int64_t update, double rate,
                          double decay) {
  const double t = static_cast<double>(update);
  Scalars s;
  s.clip = static_cast<float>(clip);
  s.l2 = rule.decoupled ? 0.0f : static_cast<float>(decay);
  s.keep = rule.decoupled ? static_cast<float>(1 - rate * decay) : 1.0f;
  s.rate = static_cast<float>(rule.is_adam ? rate / (1 - std::pow(rule.beta1, t)) : rate);
  s.a1 = static_cast<float>(1 - rule.beta1);
  s.b2 = static_cast<float>(rule.beta2);
  s.a2 = static_cast<float>(1 - rule.beta2);
  s.inv_root2 = static_cast<float>(1 / std::sqrt(1 - std::pow(rule.beta2, t)));
  s.eps = static_cast<float>(rule.eps);
  s.momentum = static_cast<float>(rule.beta1);
  s.undamped = static_cast<float>(1 - rule.dampening);
  s.nesterov = rule.nesterov;
  s.first_step = update == 1;
  return s;
}

inline void update(const Slot& slot, int64_t at, int64_t length, bool is_adam, const Scalars& s) {
  float* const parameter = slot.parameter + at;
  const float* const gradient = slot.gradient + at;
  if (is_adam) {
    adam(parameter, gradient, slot.first + at, slot.second + at, length, s);
  } else if (slot.first != nullptr) {
    sgd_momentum(parameter, gradient, slot.first + at, length, s);
  } else {
    sgd(parameter, gradient, length, s);
  }
}

}  // namespace optimizer

// Euclidean norm of all gradients that are defined; -1 - i where gradient i cannot be read here.
inline double gradient_norm(const int64_t* gradients, int64_t count) {
  using namespace optimizer;
  std::vector<Slot> slots;
  int64_t total = 0;
  for (int64_t i = 0; i < count; i++) {
    if (!is_defined(gradients[i])) {
      continue;
    }
    const View gradient = view(gradients[i]);
    if (!gradient.readable) {
      return -1.0 - static_cast<double>(i);
    }
    slots.push_back({nullptr, gradient.data, nullptr, nullptr, total, gradient.count, i});
    total += gradient.count;
  }
  return norm(slots, chunk_count(slots));
}

// handles:  four per parameter: parameter, slot of its gradient, first state, second state (0: none)
// updates:  number of this update of each parameter, from 1
// rates:    two per parameter: learning rate, weight decay
// settings: the fields of Rule, in order
//
// Returns the Euclidean norm of all gradients before clipping. A norm that is not finite says that
// a gradient is not, and then nothing has been changed. Returns -1 - i where the memory of
// parameter i, its gradient or its state is not laid out alike; nothing has been changed either.
inline double optimizer_step(const int64_t* handles, const int64_t* updates, const double* rates,
                             int64_t count, const double* settings) {
  using namespace optimizer;
  std::vector<Slot> slots;
  const double refused = collect(handles, count, slots);
  if (refused < 0) {
    return refused;
  }
  const int64_t chunks = chunk_count(slots);
  const double gradient_norm = norm(slots, chunks);
  if (!std::isfinite(gradient_norm)) {
    return gradient_norm;
  }
  const Rule rule = {settings[0] != 0, settings[1] != 0, settings[2],      settings[3],
                     settings[4],      settings[5],      settings[6] != 0, settings[7]};
  const double clip = std::min(1.0, rule.largest_norm / (gradient_norm + 1e-6));
  std::vector<Scalars> scalars(count);
  for (const Slot& slot : slots) {
    const int64_t i = slot.index;
    scalars[i] = scalars_of(rule, clip, updates[i], rates[2 * i], rates[2 * i + 1]);
  }
  parallel_for(0, chunks, 1, [&](int64_t from, int64_t to) {
    const FlushToZero tiny_moments_are_zero;
    for (int64_t chunk = from; chunk < to; chunk++) {
      pieces(slots, chunk, [&](const Slot& slot, int64_t at, int64_t length) {
        update(slot, at, length, rule.is_adam, scalars[slot.index]);
      });
    }
  });
  return gradient_norm;
}

}  // namespace graft
