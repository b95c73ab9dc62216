# Builds the programs, and an image for each that holds what the program needs and nothing else: no
# shell, no package manager. An image runs as uid 65532 or as any other.
#
#   docker build -t compare-models .
#   docker build --target get-models -t get-models .
#   docker build --target diamonds-prediction -t diamonds-prediction .

FROM swift:6.3-bookworm AS packages
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    libopenblas-dev libcsv-dev libcurl4-openssl-dev libzip-dev pkg-config ca-certificates \
  && rm -rf /var/lib/apt/lists/*
# Without its shared library OpenBLAS is linked statically: the routines that are called, each with the
# kernels of all processors, among which it still chooses when the program starts.
RUN find /usr/lib /etc/alternatives -name 'libopenblas*.so*' -delete
WORKDIR /source
COPY Package.swift ./
# What stands in Foundation's place for the packages, too.
COPY Sources/EssentialFoundation Sources/EssentialFoundation
# An empty file stands for each target, so that only the packages ours depends on are built here, in
# layers that a changed source line leaves as they are.
RUN perl -0ne ' \
    for (split /(?=\.(?:executableTarget|target|testTarget|systemLibrary)\()/) { \
      next unless /^\.(\w+)\(\s*name:\s*"([^"]+)"/; \
      my ($kind, $name) = ($1, $2); \
      my $folder = $kind eq "testTarget" ? "Tests" : "Sources"; \
      print "$kind $name ", (/\bpath:\s*"([^"]+)"/ ? $1 : "$folder/$name"); \
      print " $1" if /embedInCode\("([^"]+)"\)/; \
      print "\n"; \
    }' Package.swift \
  | while read -r kind name path embedded; do \
    mkdir -p "$path/$embedded"; \
    if [ "$embedded" ]; then echo > "$path/$embedded/Empty.swift"; fi; \
    case $kind in \
      systemLibrary) echo "module $name [system] {}" > "$path/module.modulemap" ;; \
      executableTarget) echo > "$path/main.swift" ;; \
      *) echo > "$path/Empty.swift" ;; \
    esac; \
  done

COPY deploy/build-release.sh deploy/image/build-packages.sh /usr/local/bin/

FROM packages AS build-compare-models
RUN build-packages.sh compare-models
COPY deploy/image/*.sh /usr/local/bin/
COPY Sources Sources
COPY data /root-of-image/app/data
RUN build.sh compare-models /root-of-image

FROM packages AS build-get-models
RUN build-packages.sh get-models
COPY deploy/image/*.sh /usr/local/bin/
COPY Sources Sources
RUN build.sh get-models /root-of-image

FROM packages AS build-diamonds-prediction
RUN build-packages.sh diamonds-prediction
COPY deploy/image/*.sh /usr/local/bin/
COPY Sources Sources
RUN build.sh diamonds-prediction /root-of-image

FROM scratch AS get-models
COPY --from=build-get-models /root-of-image /
# A folder that something is mounted on cannot be exchanged; `models` inside of it can.
WORKDIR /app/state
USER 65532:65532
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/get-models"]
LABEL org.opencontainers.image.title="get-models" \
  org.opencontainers.image.description="Fetches the models that are in production from Comet's registry" \
  org.opencontainers.image.licenses="MIT"

FROM scratch AS diamonds-prediction
COPY --from=build-diamonds-prediction /root-of-image /
WORKDIR /app/state
USER 65532:65532
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["/usr/local/bin/diamonds-prediction", "--check"]
ENTRYPOINT ["/usr/local/bin/diamonds-prediction"]
LABEL org.opencontainers.image.title="diamonds-prediction" \
  org.opencontainers.image.description="Answers with the production model: is a diamond's cut Gold or Silver?" \
  org.opencontainers.image.licenses="MIT"

# The last stage is what is built without --target.
FROM scratch AS compare-models
COPY --from=build-compare-models /root-of-image /
WORKDIR /app
USER 65532:65532
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/compare-models"]
LABEL org.opencontainers.image.title="compare-models" \
  org.opencontainers.image.description="Trains four classifiers and compares them on the same held-out rows" \
  org.opencontainers.image.licenses="MIT"
