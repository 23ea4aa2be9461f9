# runner-cpu: what a box of the sandbox `docker` is made of. An interpreter, the driver, labkit, the
# packages that labs name, g++, and nothing else. docker/build.sh builds it.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS base
RUN --mount=type=bind,source=steps,target=/mnt sh /mnt/python.sh
RUN --mount=type=bind,source=steps,target=/mnt sh /mnt/compilers.sh

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
RUN --mount=type=bind,source=steps,target=/mnt python3 -I -S /mnt/harden.py
ARG VERSION REVISION SOURCE
LABEL org.opencontainers.image.title="systems-for-ai runner-cpu" \
      org.opencontainers.image.description="A box for student code: interpreter, driver, labkit, the labs' packages" \
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
