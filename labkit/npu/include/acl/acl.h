// The host interface (AscendCL) of the course's subset.
#pragma once

#include "acl/acl_base.h"

extern "C" {

aclError aclInit(const char* config);
aclError aclFinalize();
const char* aclGetRecentErrMsg();
void aclAppLog(aclLogLevel level, const char* function, const char* file, uint32_t line,
               const char* format, ...);
float aclFloat16ToFloat(aclFloat16 value);
aclFloat16 aclFloatToFloat16(float value);

}  // extern "C"

#define ACL_APP_LOG(level, format, ...) \
  aclAppLog(level, __FUNCTION__, __FILE__, __LINE__, format, ##__VA_ARGS__)

#include "acl/acl_rt.h"  // last: without the prebuilt runtime it defines what is declared here
