# An image for each program, with what it needs and nothing else. It runs as uid 65532 or any other.

FROM swift:6.3-bookworm AS source
# Without its shared library OpenBLAS is linked statically, with all processors' kernels.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates pkg-config \
    libopenblas-dev libcurl4-openssl-dev libssl-dev libzip-dev zlib1g-dev \
  && rm -rf /var/lib/apt/lists/* \
  && find /usr/lib /etc/alternatives -name 'libopenblas*.so*' -delete
WORKDIR /source
COPY . .

# The cache keeps what was built from one image to the next.
FROM source AS build-get-models
RUN --mount=type=cache,target=/source/.build,sharing=locked deploy/image/build.sh get-models /image
FROM source AS build-diamonds-prediction
RUN --mount=type=cache,target=/source/.build,sharing=locked deploy/image/build.sh diamonds-prediction /image
FROM source AS build-compare-models
RUN --mount=type=cache,target=/source/.build,sharing=locked deploy/image/build.sh compare-models /image \
  && install -D -t /image/app/data data/*

FROM scratch AS get-models
COPY --from=build-get-models /image /
# A mount point cannot be replaced; `models` in it can.
WORKDIR /app/state
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/get-models"]
LABEL org.opencontainers.image.title="get-models" org.opencontainers.image.licenses="MIT"

FROM scratch AS diamonds-prediction
COPY --from=build-diamonds-prediction /image /
WORKDIR /app/state
USER 65532:65532
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["/usr/local/bin/diamonds-prediction", "--check"]
ENTRYPOINT ["/usr/local/bin/diamonds-prediction"]
LABEL org.opencontainers.image.title="diamonds-prediction" org.opencontainers.image.licenses="MIT"

# The default target.
FROM scratch AS compare-models
COPY --from=build-compare-models /image /
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/compare-models"]
LABEL org.opencontainers.image.title="compare-models" org.opencontainers.image.licenses="MIT"
