// Where a tensor's memory begins and how long it is, for the books of NativeMemory.java: the same
// as its Java path, without an object for each question.
#pragma once

#include <cstdint>

#include "torch_abi.h"

namespace graft {

// The first byte of the memory a CPU tensor points into; 0 where there is none to count.
inline int64_t memory_address(int64_t address) {
  AtenTensorHandle tensor = reinterpret_cast<AtenTensorHandle>(address);
  bool defined = false;
  int32_t device = -1, layout = -1, dtype = -1;
  aoti_torch_is_defined(tensor, &defined);
  if (!defined) {
    return 0;
  }
  aoti_torch_get_device_type(tensor, &device);
  aoti_torch_get_layout(tensor, &layout);
  if (device != aoti_torch_device_type_cpu() || layout != aoti_torch_layout_strided()) {
    return 0;
  }
  void* first = nullptr;
  int64_t offset = 0;
  aoti_torch_get_data_ptr(tensor, &first);
  aoti_torch_get_storage_offset(tensor, &offset);
  aoti_torch_get_dtype(tensor, &dtype);
  const int64_t size = static_cast<int64_t>(aoti_torch_dtype_element_size(dtype));
  return first == nullptr ? 0 : reinterpret_cast<int64_t>(first) - offset * size;
}

// Bytes of that memory.
inline int64_t memory_size(int64_t address) {
  int64_t bytes = 0;
  aoti_torch_get_storage_size(reinterpret_cast<AtenTensorHandle>(address), &bytes);
  return bytes;
}

}  // namespace graft
