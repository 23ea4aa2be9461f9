# lab: what a student runs. JupyterLab with the course's panel, nbgrader, labkit, and every lab as
# students receive it.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS base
RUN --mount=type=bind,source=steps,target=/mnt sh /mnt/python.sh

FROM base AS build
RUN --mount=type=bind,source=steps,target=/mnt \
    --mount=type=bind,source=wheels,target=/wheels \
    --mount=type=bind,source=pins,target=/pins \
    --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=ca --mount=type=secret,id=pip \
    sh /mnt/environment.sh /pins/lab.txt

FROM base
RUN --mount=type=bind,source=steps,target=/mnt sh /mnt/compilers.sh
RUN useradd --create-home --uid 1000 --shell /bin/bash student \
    && install -d -o student -g student /home/student/work
COPY --from=build /opt/course /opt/course
RUN --mount=type=bind,source=wheel,target=/mnt \
    /opt/course/bin/pip install --quiet --no-cache-dir --no-index --no-deps /mnt/*.whl
COPY jupyter /opt/jupyter
COPY start/lab.sh /opt/lab.sh
COPY labs /opt/labs
ARG VERSION REVISION SOURCE
LABEL org.opencontainers.image.title="systems-for-ai lab" \
      org.opencontainers.image.description="JupyterLab with every lab of the course as students receive it" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
ENV PATH=/opt/course/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    JUPYTER_CONFIG_PATH=/opt/jupyter/everybody:/opt/jupyter/student \
    LANG=C.UTF-8 \
    SHELL=/bin/bash
USER student
WORKDIR /home/student/work
EXPOSE 8888
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8888/api', timeout=4)"]
ENTRYPOINT ["/opt/lab.sh"]
