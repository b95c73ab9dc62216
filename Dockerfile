# An image for each program that holds what the program needs and nothing else: no shell, no package
# manager. It runs as uid 65532 or as any other.
#   docker build -t compare-models .
#   docker build --target diamonds-prediction -t diamonds-prediction .    (or get-models)

FROM swift:6.3-bookworm AS source
# Without its shared library OpenBLAS is linked statically, with the kernels of all processors.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates pkg-config \
    libopenblas-dev libcurl4-openssl-dev libssl-dev libzip-dev \
  && rm -rf /var/lib/apt/lists/* \
  && find /usr/lib /etc/alternatives -name 'libopenblas*.so*' -delete
WORKDIR /source
COPY . .

# What was built stays in a cache from one image to the next, so only what changed is built again.
FROM source AS build-get-models
RUN --mount=type=cache,target=/source/.build,sharing=locked deploy/image/build.sh get-models /image
FROM source AS build-diamonds-prediction
RUN --mount=type=cache,target=/source/.build,sharing=locked deploy/image/build.sh diamonds-prediction /image
FROM source AS build-compare-models
RUN --mount=type=cache,target=/source/.build,sharing=locked deploy/image/build.sh compare-models /image \
  && install -D -t /image/app/data data/*

FROM scratch AS get-models
COPY --from=build-get-models /image /
# A folder that something is mounted on cannot be exchanged; `models` inside of it can.
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

# The last stage is what is built without --target.
FROM scratch AS compare-models
COPY --from=build-compare-models /image /
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/compare-models"]
LABEL org.opencontainers.image.title="compare-models" org.opencontainers.image.licenses="MIT"
