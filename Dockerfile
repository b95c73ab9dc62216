# Builds compare-models and puts it, with its data, on a plain Debian.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends libopenblas-dev libcsv-dev pkg-config \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN swift build -c release --static-swift-stdlib --product compare-models \
  && install -D "$(swift build -c release --static-swift-stdlib --show-bin-path)/compare-models" \
    /out/compare-models

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends libopenblas0-pthread libcsv3 \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o 65532 -g 65532 /work /work/runs
COPY --from=build /out/compare-models /usr/local/bin/compare-models
COPY data /work/data
WORKDIR /work
USER 65532:65532
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/compare-models"]
