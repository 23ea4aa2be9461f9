# grader: the judge and its command line, for a grading server and for CI. No course is inside:
# mount it at /course. What must outlive a container (store, secret) lies in /var/lib/autograder.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS base
RUN --mount=type=bind,source=steps,target=/mnt sh /mnt/python.sh

FROM base AS build
RUN --mount=type=bind,source=steps,target=/mnt \
    --mount=type=bind,source=wheels,target=/wheels \
    --mount=type=bind,source=pins,target=/pins \
    --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=ca --mount=type=secret,id=pip \
    sh /mnt/environment.sh /pins/grader.txt

FROM base
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends git ca-certificates >/dev/null \
    && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
# For the sandbox `user`, whose boxes show what this container has.
RUN --mount=type=bind,source=steps,target=/mnt sh /mnt/compilers.sh
RUN useradd --system --create-home --home-dir /var/lib/autograder --uid 999 --shell /bin/sh grader \
    && chmod 0700 /var/lib/autograder && install -d /course
COPY --from=build /opt/course /opt/course
RUN --mount=type=bind,source=wheel,target=/mnt \
    /opt/course/bin/pip install --quiet --no-cache-dir --no-index --no-deps /mnt/*.whl
COPY start/grader.sh /opt/grader.sh
ARG VERSION REVISION SOURCE
LABEL org.opencontainers.image.title="systems-for-ai grader" \
      org.opencontainers.image.description="The judge and its command line; mount a course at /course" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
ENV PATH=/opt/course/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/var/lib/autograder \
    LANG=C.UTF-8 \
    AUTOGRADER_COURSE=/course \
    AUTOGRADER_STORE=sqlite:////var/lib/autograder/store.sqlite \
    AUTOGRADER_SECRET_FILE=/var/lib/autograder/secret
# Root at first: grader.sh steps down to `grader`, or to the course's owner, unless the wall of a box
# is to be made of users, which only root can do.
USER root
WORKDIR /var/lib/autograder
# It runs one command and ends.
HEALTHCHECK NONE
ENTRYPOINT ["/opt/grader.sh"]
CMD ["autograder", "--help"]
