# runner-ascend: what a box of the sandbox `docker` is made of. An interpreter, the driver, labkit and
# the packages that labs name, on top of CANN; the host's driver is mounted. Not run on hardware yet.
# For another chip, processor or version of CANN name another BASE_IMAGE.
ARG BASE_IMAGE=ascendai/cann:8.5.2-910b-openeuler24.03-py3.11

FROM ${BASE_IMAGE} AS base
RUN --mount=type=bind,source=steps,target=/mnt sh /mnt/python.sh

FROM base AS build
ARG PACKAGES=numpy
RUN --mount=type=bind,source=steps,target=/mnt \
    --mount=type=bind,source=wheel,target=/wheel \
    --mount=type=bind,source=wheels,target=/wheels \
    --mount=type=bind,source=pins,target=/pins \
    --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=ca --mount=type=secret,id=pip \
    sh /mnt/furnish.sh ${PACKAGES}

FROM base
COPY --from=build /out/packages /box/packages
COPY --from=build /out/box /box
# Compilers of CANN are partly Python, and import packages that the base brings.
RUN --mount=type=bind,source=steps,target=/mnt python3 -I -S /mnt/harden.py --keep-packages
ARG VERSION REVISION SOURCE
LABEL org.opencontainers.image.title="systems-for-ai runner-ascend" \
      org.opencontainers.image.description="A box for student code with an Ascend NPU (not run on hardware yet)" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
# nobody: the sandbox gives each box a user of its own
USER 65534:65534
# Lives for one submission, and ends when its judge is gone.
HEALTHCHECK NONE
# -P -s -S: as layout.ISOLATED. The argument: the descriptors on which the driver is spoken to.
ENTRYPOINT ["python3", "-P", "-s", "-S", "/box/driver/autograder/box/driver.py"]
CMD ["0,1"]
