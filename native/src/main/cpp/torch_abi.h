// The few functions of LibTorch's stable C ABI that the kernels use. Declared here because the
// presets carry no headers. Every function returns 0 on success.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

extern "C" {

// A handle is the address of a LibTorch tensor: what Pointer.address() of the presets' Tensor is.
typedef void* AtenTensorHandle;
typedef int32_t AOTITorchError;

AOTITorchError aoti_torch_is_defined(AtenTensorHandle tensor, bool* defined);
AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** data);
AOTITorchError aoti_torch_get_numel(AtenTensorHandle tensor, int64_t* count);
AOTITorchError aoti_torch_get_dim(AtenTensorHandle tensor, int64_t* dim);
AOTITorchError aoti_torch_get_sizes(AtenTensorHandle tensor, int64_t** sizes);
AOTITorchError aoti_torch_get_strides(AtenTensorHandle tensor, int64_t** strides);
AOTITorchError aoti_torch_get_dtype(AtenTensorHandle tensor, int32_t* dtype);
AOTITorchError aoti_torch_get_layout(AtenTensorHandle tensor, int32_t* layout);
AOTITorchError aoti_torch_get_device_type(AtenTensorHandle tensor, int32_t* device_type);
AOTITorchError aoti_torch_get_storage_offset(AtenTensorHandle tensor, int64_t* offset);
AOTITorchError aoti_torch_get_storage_size(AtenTensorHandle tensor, int64_t* bytes);
size_t aoti_torch_dtype_element_size(int32_t dtype);
int32_t aoti_torch_dtype_float32();
int32_t aoti_torch_layout_strided();
int32_t aoti_torch_device_type_cpu();

AOTITorchError torch_get_num_threads(uint32_t* threads);
AOTITorchError torch_parallel_for(int64_t begin, int64_t end, int64_t grain,
                                  void (*body)(int64_t begin, int64_t end, void* context),
                                  void* context);
}

namespace graft {

// LibTorch's own thread pool over [begin, end). The body must not throw.
template <class Body>
inline void parallel_for(int64_t begin, int64_t end, int64_t grain, Body&& body) {
  auto call = [](int64_t from, int64_t to, void* context) {
    (*static_cast<typename std::remove_reference<Body>::type*>(context))(from, to);
  };
  torch_parallel_for(begin, end, grain, call, &body);
}

}  // namespace graft

// One copy of a loop per instruction set; the loader picks. Results are the same bits in each,
// because the build forbids fused multiply-add.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define GRAFT_CLONES __attribute__((target_clones("arch=skylake-avx512", "avx2", "default")))
#else
#define GRAFT_CLONES
#endif
