#!/bin/sh
# Puts NVVM, which compiles kernels, into /out/nvvm: from the release of CUDA that the base is of.
set -eu
. /mnt/index.sh
/build/bin/pip install --quiet --no-deps --target /tmp/nvcc nvidia-cuda-nvcc-cu12==12.9.86
mv /tmp/nvcc/nvidia/cuda_nvcc/nvvm /out/nvvm
