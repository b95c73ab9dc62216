# Everything a fresh machine needs: `make run` and `make test` install what is missing, build, and go.
# What is not here is a script of scripts/, listed in CONTRIBUTING.md: `make test-sklearn` runs scripts/test-sklearn.

SOURCES = Package.swift Sources Tests $(wildcard Benchmarks/Package.swift Benchmarks/*/Package.swift Fuzzing/Package.swift) \
  Benchmarks/Sources Benchmarks/Kernels/Sources Fuzzing/Sources

.PHONY: help run test format release image demo bench clean

help:
	@echo "make run       install what is missing, build, run the comparison (ARGS=\"--seed 7\")"
	@echo "make test      install what is missing, check the layout, build with warnings as errors, test"
	@echo "make format    format the sources"
	@echo "make release   build the optimised program, which runs without Swift installed"
	@echo "make image     build the Docker image compare-models"
	@echo "make demo      train a model and serve it at http://localhost:5000/"
	@echo "make bench     measure this project beside its peers (ARGS=\"--rounds 9\")"
	@echo "make clean     remove what was built"
	@echo "More checks and measurements: $(notdir $(wildcard scripts/bench-* scripts/fuzz-* scripts/soak-* scripts/test-*))"

run:
	@scripts/packages
	swift run compare-models $(ARGS)

test:
	@scripts/packages
	swift format lint --strict --recursive --parallel $(SOURCES)
	WARNINGS_AS_ERRORS=1 swift build --build-tests \
	  --explicit-target-dependency-import-check error
	WARNINGS_AS_ERRORS=1 swift test --skip-build

format:
	swift format --in-place --recursive --parallel $(SOURCES)

release:
	@scripts/build release compare-models

image:
	docker build -t compare-models .

# Serves a forest trained on the diamonds.
demo:
	programs=$$(scripts/build debug compare-models diamonds-prediction) && rm -rf .build/demo && \
	"$$programs/compare-models" --models RandomForest --no-report --offline --output .build/demo && \
	"$$programs/diamonds-prediction" --models .build/demo/RandomForest

# The peers are in a virtual environment below .build-bench, or in BENCH_VENV.
bench:
	@scripts/packages
	@scripts/packages python3 python3-venv valgrind
	python3 Benchmarks/bench.py $(ARGS)

test-% bench-% soak-% fuzz-%:
	@scripts/$@ $(ARGS)

clean:
	rm -rf .build .build-bench
