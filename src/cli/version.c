/* What `s2s --version` tells: enough to repeat a measurement or to report a fault. */
#include <jansson.h>
#include <utf8proc.h>
#include <xxhash.h>
#include <yaml.h>
#include <zlib.h>

#include "base/cpu.h"
#include "cli/command.h"
#include "kernel/gemm.h"
#include "kernel/kernels.h"

s2s_status s2s_version(s2s_output *output, s2s_err *err) {
    unsigned xxhash = XXH_versionNumber();
    return s2s_output_printf(
        output, err,
        "s2s %s\n"
        "processor  %s\n"
        "kernels    %s, %s precision\n"
        "products   %s\n"
        "libraries  SentencePiece %s, libyaml %s, jansson %s, utf8proc %s, zlib %s, "
        "xxHash %u.%u.%u\n",
        S2S_VERSION, s2s_cpu_features()->name, s2s_kernel()->name,
        sizeof(s2s_real) == sizeof(double) ? "double" : "single", s2s_gemm_name(),
        SENTENCEPIECE_VERSION, yaml_get_version_string(), jansson_version_str(), utf8proc_version(),
        zlibVersion(), xxhash / 10000, xxhash / 100 % 100, xxhash % 100);
}
