// The memory of acl/acl_rt.h, and that of the CPU twin (GmAlloc).
#pragma once

#include "ascendc/twin.h"
#include "npu/impl/acl_device.h"
#include "npu/impl/host_memory.h"

namespace npu {

// Where a copy of `kind` reads or writes: in one allocation of the device, or outside of all.
NPU_FUNCTION bool fits(const void* memory, size_t count, bool on_device) {
  Arena& arena = world().arena;
  const uint64_t address = Arena::address_of(memory);
  if (!memory) return false;
  return on_device ? arena.find(address, count) != nullptr : !arena.find(address, 0);
}

// Reads the kind where it says "as the addresses are".
NPU_FUNCTION void directions(aclrtMemcpyKind kind, const void* target, const void* source,
                             bool& to_device, bool& from_device) {
  to_device = kind == ACL_MEMCPY_HOST_TO_DEVICE || kind == ACL_MEMCPY_DEVICE_TO_DEVICE;
  from_device = kind == ACL_MEMCPY_DEVICE_TO_HOST || kind == ACL_MEMCPY_DEVICE_TO_DEVICE;
  if (kind != ACL_MEMCPY_DEFAULT) return;
  to_device = fits(target, 0, true);
  from_device = fits(source, 0, true);
}

NPU_FUNCTION void record_copy(void* target, const void* source, size_t count, bool to_device,
                              bool from_device) {
  auto* to = static_cast<uint8_t*>(target);
  const auto* from = static_cast<const uint8_t*>(source);
  if (to_device && from_device) {
    const trace::Copy copy = {Arena::address_of(to), Arena::address_of(from), count};
    world().record(trace::Kind::host_copy, &copy, sizeof copy);
  } else if (to_device) {
    record_write(to, from, count);
  } else if (from_device) {
    record_read(from, count);
  }
}

}  // namespace npu

extern "C" {

// Rounded up to 32 bytes and 32 more on the device; here, what is beyond the bytes asked for is
// nobody's, so that a small overrun is told.
NPU_FUNCTION aclError aclrtMalloc(void** memory, size_t bytes, aclrtMemMallocPolicy) {
  if (!npu::host().ready()) return ACL_ERROR_RT_CONTEXT_NULL;
  if (!memory || bytes == 0) return ACL_ERROR_INVALID_PARAM;
  *memory = npu::allocate(bytes);
  return *memory ? ACL_SUCCESS : ACL_ERROR_RT_MEMORY_ALLOCATION;
}
NPU_FUNCTION aclError aclrtMallocAlign32(void** memory, size_t bytes, aclrtMemMallocPolicy policy) {
  return aclrtMalloc(memory, bytes, policy);
}
NPU_FUNCTION aclError aclrtFree(void* memory) {
  return npu::release(memory) ? ACL_SUCCESS : ACL_ERROR_RT_PARAM_INVALID;
}

NPU_FUNCTION aclError aclrtMallocHost(void** memory, size_t bytes) {
  if (!npu::host().ready()) return ACL_ERROR_RT_CONTEXT_NULL;
  if (!memory || bytes == 0) return ACL_ERROR_INVALID_PARAM;
  *memory = std::malloc(bytes);
  if (!*memory) return ACL_ERROR_RT_MEMORY_ALLOCATION;
  npu::host().pinned.insert(*memory);
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclrtFreeHost(void* memory) {
  if (!npu::host().pinned.erase(memory)) return ACL_ERROR_RT_PARAM_INVALID;
  std::free(memory);
  return ACL_SUCCESS;
}

NPU_FUNCTION aclError aclrtMemset(void* memory, size_t most, int32_t value, size_t count) {
  const bool device = npu::fits(memory, 0, true);
  if (count > most || !npu::fits(memory, count, device)) return ACL_ERROR_RT_PARAM_INVALID;
  const npu::Reaching reaching;
  std::memset(memory, value, count);
  if (!device) return ACL_SUCCESS;
  const npu::trace::Fill fill = {npu::Arena::address_of(memory), count, static_cast<uint8_t>(value),
                                 0};
  npu::world().record(npu::trace::Kind::host_fill, &fill, sizeof fill);
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclrtMemsetAsync(void* memory, size_t most, int32_t value, size_t count,
                                       aclrtStream stream) {
  if (!npu::host().has(stream, npu::Host::stream)) return ACL_ERROR_RT_PARAM_INVALID;
  return aclrtMemset(memory, most, value, count);
}

NPU_FUNCTION aclError aclrtMemcpy(void* target, size_t most, const void* source, size_t count,
                                  aclrtMemcpyKind kind) {
  bool to_device, from_device;
  npu::directions(kind, target, source, to_device, from_device);
  if (count == 0 || count > most || !npu::fits(target, count, to_device) ||
      !npu::fits(source, count, from_device))
    return ACL_ERROR_RT_PARAM_INVALID;
  const npu::Reaching reaching;
  std::memmove(target, source, count);
  npu::record_copy(target, source, count, to_device, from_device);
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclrtMemcpyAsync(void* target, size_t most, const void* source, size_t count,
                                       aclrtMemcpyKind kind, aclrtStream stream) {
  if (!npu::host().has(stream, npu::Host::stream)) return ACL_ERROR_RT_PARAM_INVALID;
  return aclrtMemcpy(target, most, source, count, kind);
}

NPU_FUNCTION aclError aclrtGetMemInfo(aclrtMemAttr, size_t* free, size_t* total) {
  if (!free || !total) return ACL_ERROR_INVALID_PARAM;
  *total = npu::world().chip.hbm_bytes;
  *free = *total - npu::world().arena.total();
  return ACL_SUCCESS;
}

}  // extern "C"

namespace AscendC {

NPU_FUNCTION void* GmAlloc(size_t bytes) {
  const npu::Reaching reaching;
  uint8_t* made = npu::allocate(bytes);
  if (!made) npu::fault("GmAlloc: no memory is left for %zu bytes", bytes);
  npu::Allocation& allocation = *npu::world().arena.find(npu::Arena::address_of(made), bytes);
  allocation.shared = true;
  allocation.known = npu::trace::fnv1a(made, bytes);
  return made;
}
NPU_FUNCTION void GmFree(void* memory) {
  if (!npu::release(memory)) npu::fault("GmFree was given memory that GmAlloc did not give");
}
NPU_FUNCTION void SetKernelMode(KernelMode mode) {
  if (mode != KernelMode::AIV_MODE && mode != KernelMode::MIX_MODE)
    npu::fault("kernels of the Cube core are not in the course subset: use KernelMode::AIV_MODE");
}

}  // namespace AscendC
