// acl/acl.h and the devices, contexts, streams and events of acl/acl_rt.h.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <set>
#include <string>

#include "acl/acl.h"
#include "npu/half.h"
#include "npu/impl/world.h"

namespace npu {

// What the host has made and not destroyed yet.
struct Host {
  enum Kind : uintptr_t { context = 1, stream, event };

  bool initialised = false;
  uint32_t devices_set = 0;
  std::set<void*> handles, pinned;
  void* current = nullptr;  // context
  uintptr_t made = 0;
  std::string name;  // of the chip, as aclrtGetSocName gives it

  bool ready() const { return devices_set || current; }
  void* make(Kind kind) {
    void* handle = reinterpret_cast<void*>(++made << 8 | kind);
    return *handles.insert(handle).first;
  }
  // The default stream is null.
  bool has(void* handle, Kind kind) const {
    return (kind == stream && !handle) ||
           (handles.count(handle) && (reinterpret_cast<uintptr_t>(handle) & 0xFF) == kind);
  }
};

NPU_FUNCTION Host& host() {
  static Host* const the = new Host;
  return *the;
}

NPU_FUNCTION aclError make_handle(void** handle, Host::Kind kind) {
  if (!handle) return ACL_ERROR_INVALID_PARAM;
  if (kind != Host::context && !host().ready()) return ACL_ERROR_RT_CONTEXT_NULL;
  *handle = host().make(kind);
  return ACL_SUCCESS;
}

NPU_FUNCTION aclError destroy_handle(void* handle, Host::Kind kind) {
  if (!handle || !host().has(handle, kind)) return ACL_ERROR_RT_PARAM_INVALID;
  host().handles.erase(handle);
  return ACL_SUCCESS;
}

// A launch has ended when its call returns; one whose blocks never end is found here.
NPU_FUNCTION aclError await(void* stream) {
  if (!host().ready()) return ACL_ERROR_RT_CONTEXT_NULL;
  if (!host().has(stream, Host::stream)) return ACL_ERROR_RT_PARAM_INVALID;
  return world().stuck ? ACL_ERROR_RT_VECTOR_CORE_TIMEOUT : ACL_SUCCESS;
}

}  // namespace npu

extern "C" {

NPU_FUNCTION aclError aclInit(const char*) {
  if (npu::host().initialised) return ACL_ERROR_REPEAT_INITIALIZE;
  npu::host().initialised = true;
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclFinalize() {
  if (!npu::host().initialised) return ACL_ERROR_REPEAT_FINALIZE;
  npu::host().initialised = false;
  return ACL_SUCCESS;
}
NPU_FUNCTION const char* aclGetRecentErrMsg() { return ""; }
NPU_FUNCTION void aclAppLog(aclLogLevel, const char*, const char* file, uint32_t line,
                            const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::fprintf(stderr, "%s:%u: ", file, line);
  std::vfprintf(stderr, format, arguments);
  std::fputc('\n', stderr);
  va_end(arguments);
}
NPU_FUNCTION float aclFloat16ToFloat(aclFloat16 value) { return npu::float_of_half(value); }
NPU_FUNCTION aclFloat16 aclFloatToFloat16(float value) { return npu::half_of_float(value); }

NPU_FUNCTION aclError aclrtSetDevice(int32_t device) {
  if (device != 0) return ACL_ERROR_RT_INVALID_DEVICEID;
  ++npu::host().devices_set;
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclrtResetDevice(int32_t device) {
  if (device != 0) return ACL_ERROR_RT_INVALID_DEVICEID;
  npu::host().devices_set = 0;
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclrtGetDevice(int32_t* device) {
  if (!npu::host().ready()) return ACL_ERROR_RT_CONTEXT_NULL;
  if (!device) return ACL_ERROR_INVALID_PARAM;
  *device = 0;
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclrtGetDeviceCount(uint32_t* count) {
  if (!count) return ACL_ERROR_INVALID_PARAM;
  *count = 1;
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclrtGetDeviceInfo(uint32_t device, aclrtDevAttr attribute, int64_t* value) {
  const npu::Chip& chip = npu::world().chip;
  if (device != 0) return ACL_ERROR_RT_INVALID_DEVICEID;
  if (!value) return ACL_ERROR_INVALID_PARAM;
  switch (attribute) {
    case ACL_DEV_ATTR_AICORE_CORE_NUM:
    case ACL_DEV_ATTR_CUBE_CORE_NUM:
      return *value = chip.cube_cores, ACL_SUCCESS;
    case ACL_DEV_ATTR_VECTOR_CORE_NUM:
      return *value = chip.vector_cores, ACL_SUCCESS;
    case ACL_DEV_ATTR_TOTAL_GLOBAL_MEM_SIZE:
      return *value = static_cast<int64_t>(chip.hbm_bytes), ACL_SUCCESS;
    case ACL_DEV_ATTR_L2_CACHE_SIZE:
      return *value = static_cast<int64_t>(chip.l2_bytes), ACL_SUCCESS;
    default:
      return ACL_ERROR_RT_FEATURE_NOT_SUPPORT;
  }
}
NPU_FUNCTION aclError aclrtGetRunMode(aclrtRunMode* mode) {
  if (!mode) return ACL_ERROR_INVALID_PARAM;
  *mode = ACL_HOST;
  return ACL_SUCCESS;
}
NPU_FUNCTION const char* aclrtGetSocName() {
  std::string& name = npu::host().name;
  return (name = std::string("Ascend") + npu::world().chip.name).c_str();
}

NPU_FUNCTION aclError aclrtCreateContext(aclrtContext* context, int32_t device) {
  if (device != 0) return ACL_ERROR_RT_INVALID_DEVICEID;
  const aclError error = npu::make_handle(context, npu::Host::context);
  if (!error) npu::host().current = *context;
  return error;
}
NPU_FUNCTION aclError aclrtDestroyContext(aclrtContext context) {
  if (npu::host().current == context) npu::host().current = nullptr;
  return npu::destroy_handle(context, npu::Host::context);
}
NPU_FUNCTION aclError aclrtGetCurrentContext(aclrtContext* context) {
  if (!npu::host().ready()) return ACL_ERROR_RT_CONTEXT_NULL;
  if (!context) return ACL_ERROR_INVALID_PARAM;
  *context = npu::host().current;
  return ACL_SUCCESS;
}
NPU_FUNCTION aclError aclrtSetCurrentContext(aclrtContext context) {
  if (!npu::host().has(context, npu::Host::context)) return ACL_ERROR_RT_PARAM_INVALID;
  npu::host().current = context;
  return ACL_SUCCESS;
}

NPU_FUNCTION aclError aclrtCreateStream(aclrtStream* stream) {
  return npu::make_handle(stream, npu::Host::stream);
}
NPU_FUNCTION aclError aclrtCreateStreamWithConfig(aclrtStream* stream, uint32_t, uint32_t) {
  return npu::make_handle(stream, npu::Host::stream);
}
NPU_FUNCTION aclError aclrtDestroyStream(aclrtStream stream) {
  return npu::destroy_handle(stream, npu::Host::stream);
}
NPU_FUNCTION aclError aclrtDestroyStreamForce(aclrtStream stream) {
  return npu::destroy_handle(stream, npu::Host::stream);
}
NPU_FUNCTION aclError aclrtSynchronizeDevice() { return npu::await(nullptr); }
NPU_FUNCTION aclError aclrtSynchronizeStream(aclrtStream stream) { return npu::await(stream); }
NPU_FUNCTION aclError aclrtSynchronizeStreamWithTimeout(aclrtStream stream, int32_t) {
  return npu::await(stream);
}

NPU_FUNCTION aclError aclrtCreateEvent(aclrtEvent* event) {
  return npu::make_handle(event, npu::Host::event);
}
NPU_FUNCTION aclError aclrtDestroyEvent(aclrtEvent event) {
  return npu::destroy_handle(event, npu::Host::event);
}
NPU_FUNCTION aclError aclrtRecordEvent(aclrtEvent event, aclrtStream stream) {
  const bool known = npu::host().has(event, npu::Host::event);
  return known && npu::host().has(stream, npu::Host::stream) ? ACL_SUCCESS
                                                             : ACL_ERROR_RT_PARAM_INVALID;
}
NPU_FUNCTION aclError aclrtStreamWaitEvent(aclrtStream stream, aclrtEvent event) {
  return aclrtRecordEvent(event, stream);
}
NPU_FUNCTION aclError aclrtSynchronizeEvent(aclrtEvent event) {
  const aclError error = aclrtRecordEvent(event, nullptr);
  return error ? error : npu::await(nullptr);
}
NPU_FUNCTION aclError aclrtQueryEventStatus(aclrtEvent event, aclrtEventRecordedStatus* status) {
  if (!status) return ACL_ERROR_INVALID_PARAM;
  *status = ACL_EVENT_RECORDED_STATUS_COMPLETE;
  return aclrtRecordEvent(event, nullptr);
}
NPU_FUNCTION aclError aclrtEventElapsedTime(float*, aclrtEvent, aclrtEvent) {
  return ACL_ERROR_RT_FEATURE_NOT_SUPPORT;
}

}  // extern "C"
