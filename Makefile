# Everything a fresh machine needs: `make run` and `make test` install what is missing, build, and go.

APT_PACKAGES = pkg-config libopenblas-dev libcsv-dev libcurl4-openssl-dev libzip-dev
BREW_PACKAGES = pkg-config openblas libcsv curl libzip
SUDO = $(if $(filter 0,$(shell id -u)),,sudo)
SOURCES = Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Benchmarks/Kernels/Package.swift Benchmarks/Kernels/Sources Fuzzing/Package.swift Fuzzing/Sources
SKLEARN = .build/sklearn
COMET_SDK = .build/comet-sdk
SAFETENSORS = .build/safetensors
MUTANTS = 2000000
FUZZING = .build/fuzzing
FUZZ_SECONDS = 300

.PHONY: help packages run test test-builds test-sklearn test-comet-sdk test-safetensors fuzz fuzz-coverage lint format release image image-test clean \
  demo service-model test-report test-service bench-service soak-service \
  bench bench-packages bench-instructions bench-kernels bench-folds bench-growth

help:
	@echo "make run      install what is missing, build, run the comparison (ARGS=\"--seed 7\")"
	@echo "make test     install what is missing, lint, build with warnings as errors, test"
	@echo "make test-builds   compare the debug build's results with the release build's, byte for byte"
	@echo "make test-sklearn  compare whole runs with scikit-learn (needs Python and pip)"
	@echo "make test-comet-sdk  check what is logged with Comet's own SDK (needs Python and pip)"
	@echo "make test-safetensors  open saved models with Python's safetensors, and predict with numpy"
	@echo "make fuzz     damage model files 2,000,000 times (MUTANTS=100000000)"
	@echo "make fuzz-coverage  let libFuzzer damage them, led by the code that is reached (FUZZ_SECONDS=3600)"
	@echo "make lint     check the layout of the sources"
	@echo "make format   lay the sources out"
	@echo "make release  build the optimised program, which runs without Swift installed"
	@echo "make image    build the Docker image compare-models"
	@echo "make image-test    build the images and run them without rights, without network, and stopped"
	@echo "make bench    measure this project beside its peers (BENCH_ARGS=\"--rounds 9\")"
	@echo "make bench-instructions   count instructions, part by part"
	@echo "make bench-kernels        time the innermost loops, one by one"
	@echo "make bench-folds          measure ten folds, and what the report adds"
	@echo "make bench-growth         measure with more rows, features, classes and trees"
	@echo "make demo     train a model and serve it at http://localhost:5000/"
	@echo "make test-report    look at reports in Chromium (needs Python and pip)"
	@echo "make test-service   ask the service as browsers, schemathesis and tritonclient do (needs Python and pip)"
	@echo "make bench-service  measure the service beside Flask"
	@echo "make soak-service   ask the service for ten minutes, and see that its memory stays"
	@echo "make clean    remove what was built"

# Only what is missing is installed; with everything there, no package tool is called.
packages:
	@if [ "$$(uname)" = Darwin ]; then \
	  echo "On macOS (untried): brew install $(BREW_PACKAGES)"; \
	elif command -v dpkg-query >/dev/null; then \
	  missing=; \
	  for package in $(APT_PACKAGES); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' \
	      || missing="$$missing $$package"; \
	  done; \
	  if [ -n "$$missing" ]; then \
	    echo "Installing$$missing"; \
	    $(SUDO) apt-get update -q && \
	    DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$missing; \
	  fi; \
	else \
	  echo "Needed from this system's packages: OpenBLAS, libcsv, libcurl, libzip and pkg-config, with headers"; \
	fi
	@command -v swift >/dev/null || { echo "Swift 6.2 or later is needed: https://swift.org/install"; exit 69; }

run: packages
	swift run compare-models $(ARGS)

test: packages lint
	WARNINGS_AS_ERRORS=1 swift build --build-tests \
	  --explicit-target-dependency-import-check error
	WARNINGS_AS_ERRORS=1 swift test --skip-build

# Models, predictions, matrices, curves and importances; comparison.json and the report name seconds,
# and what is kept for Comet names moments.
test-builds: packages
	swift build --product compare-models
	deploy/build-release.sh compare-models
	rm -rf .build/results
	for build in debug release; do \
	  program="$$(swift build -c $$build --show-bin-path)/compare-models"; \
	  mkdir -p .build/results/$$build; \
	  (cd .build/results/$$build && "$$program" --offline --data $(CURDIR)/data/diamonds.csv --output run) \
	    || exit; \
	done
	diff -r -x comparison.json -x report.html -x comet .build/results/debug .build/results/release

# Slower than the tests, and with more than they need: Python, and scikit-learn from PyPI.
test-sklearn: packages
	swift build --product compare-models
	test -x $(SKLEARN)/bin/python || python3 -m venv $(SKLEARN)
	$(SKLEARN)/bin/pip install --quiet scikit-learn==1.9.1 pandas
	$(SKLEARN)/bin/python Tests/SklearnComparison/compare_with_sklearn.py \
	  "$$(swift build --show-bin-path)/compare-models"

# Comet's own SDK is the judge. COMET_SDK can name a virtual environment that has it.
test-comet-sdk: packages
	swift build --product compare-models
	swift build --product get-models
	swift build --product comet-stand-in
	test -x $(COMET_SDK)/bin/comet || { python3 -m venv $(COMET_SDK) && \
	  $(COMET_SDK)/bin/pip install --quiet comet_ml==3.58.8; }
	for check in reading archives registry; do \
	  $(COMET_SDK)/bin/python Tests/CometSDK/check_$$check.py \
	    "$$(swift build --show-bin-path)/compare-models" \
	    "$$(swift build --show-bin-path)/comet-stand-in" || exit 1; \
	done

test-safetensors: packages
	swift build --product compare-models
	test -x $(SAFETENSORS)/bin/python || python3 -m venv $(SAFETENSORS)
	$(SAFETENSORS)/bin/pip install --quiet safetensors==0.8.0 numpy
	rm -rf $(SAFETENSORS)/run
	"$$(swift build --show-bin-path)/compare-models" --output $(SAFETENSORS)/run
	$(SAFETENSORS)/bin/python Tests/SafetensorsCheck/check_safetensors.py \
	  $(SAFETENSORS)/run data/diamonds.csv

# The tests damage 100,000; every number is a seed, so a finding comes back.
fuzz: packages
	swift build --build-tests
	MUTANTS=$(MUTANTS) swift test --skip-build --filter "A mutated file"

# It begins with a small file of each kind of model, and keeps what leads further in the same folder.
fuzz-coverage: packages
	swift build --product compare-models
	mkdir -p $(FUZZING)/corpus
	head -n 60 data/diamonds.csv > $(FUZZING)/diamonds.csv
	rm -rf $(FUZZING)/run
	"$$(swift build --show-bin-path)/compare-models" --data $(FUZZING)/diamonds.csv --offline --no-report \
	  --set RandomForest.n_estimators=3 --output $(FUZZING)/run
	for file in $(FUZZING)/run/*/model.safetensors; do \
	  cp "$$file" "$(FUZZING)/corpus/$$(basename "$$(dirname "$$file")")"; \
	done
	swift build -c release --package-path Fuzzing --scratch-path $(FUZZING)/swift --sanitize=fuzzer \
	  --product fuzz-models
	$(FUZZING)/swift/release/fuzz-models $(FUZZING)/corpus -artifact_prefix=$(FUZZING)/ \
	  -max_len=16384 -max_total_time=$(FUZZ_SECONDS) -timeout=5 -malloc_limit_mb=64 -rss_limit_mb=1024

lint:
	swift format lint --strict --recursive --parallel $(SOURCES)

format:
	swift format --in-place --recursive --parallel $(SOURCES)

release: packages
	deploy/build-release.sh compare-models

image:
	docker build -t compare-models .

# CONTAINER_ENGINE names another engine than docker or podman; the script says what else can be set.
image-test:
	deploy/image/check.sh

# The peers go into a virtual environment below .build-bench; BENCH_VENV names another.
bench: packages bench-packages
	python3 Benchmarks/bench.py $(BENCH_ARGS)

bench-instructions: packages bench-packages
	python3 Benchmarks/instructions.py

bench-kernels: packages bench-packages
	python3 Benchmarks/kernels.py $(BENCH_ARGS)

bench-folds: packages bench-packages
	python3 Benchmarks/folds.py $(BENCH_ARGS)

bench-growth: packages bench-packages
	python3 Benchmarks/growth.py $(BENCH_ARGS)

bench-packages:
	@$(MAKE) --no-print-directory packages APT_PACKAGES="python3 python3-venv valgrind"

# The model of the main job, in the folder that the service takes without being told.
demo: packages
	swift build --product compare-models
	swift build --product diamonds-prediction
	rm -rf .build/demo
	"$$(swift build --show-bin-path)/compare-models" --models RandomForest --no-report --offline \
	  --output .build/demo
	"$$(swift build --show-bin-path)/diamonds-prediction" --models .build/demo/RandomForest

SERVICE = .build/service
PAGES = .build/pages
SERVICE_PORT = 5055
SERVICE_BUILD = swift build --product
SERVICE_CONFIGURATION = debug

service-model: packages
	$(SERVICE_BUILD) compare-models
	$(SERVICE_BUILD) diamonds-prediction
	test -d $(SERVICE)/run || "$$(swift build -c $(SERVICE_CONFIGURATION) --show-bin-path)/compare-models" \
	  --models RandomForest --no-report --offline --output $(SERVICE)/run

test-report: packages
	@$(MAKE) --no-print-directory packages APT_PACKAGES="python3 python3-venv chromium"
	swift build --product compare-models
	test -x $(PAGES)/bin/python || { python3 -m venv $(PAGES) && \
	  $(PAGES)/bin/pip install --quiet playwright; }
	$(PAGES)/bin/python Tests/PageChecks/check_report.py \
	  "$$(swift build --show-bin-path)/compare-models" data/diamonds.csv .build/report

# Any status from 500 on fails, and so does what the description does not have.
test-service: service-model
	@$(MAKE) --no-print-directory packages APT_PACKAGES="python3 python3-venv chromium"
	test -x $(SERVICE)/venv/bin/st || { python3 -m venv $(SERVICE)/venv && \
	  $(SERVICE)/venv/bin/pip install --quiet playwright schemathesis "tritonclient[http]"; }
	"$$(swift build --show-bin-path)/diamonds-prediction" --models $(SERVICE)/run/RandomForest \
	  --port $(SERVICE_PORT) & service=$$!; trap "kill $$service" EXIT; sleep 2; \
	$(SERVICE)/venv/bin/python Tests/PageChecks/check_service.py http://127.0.0.1:$(SERVICE_PORT) \
	  $(SERVICE)/screenshots && \
	$(SERVICE)/venv/bin/python Tests/ServiceChecks/check_inference.py 127.0.0.1:$(SERVICE_PORT) \
	  data/diamonds.csv $(SERVICE)/run/RandomForest/predictions.csv && \
	$(SERVICE)/venv/bin/st run http://127.0.0.1:$(SERVICE_PORT)/openapi.json --max-examples 1200 \
	  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance

bench-service: SERVICE_BUILD = deploy/build-release.sh
bench-service: SERVICE_CONFIGURATION = release
bench-service: service-model
	@$(MAKE) --no-print-directory packages APT_PACKAGES="python3 python3-venv wrk"
	test -x $(SERVICE)/flask/bin/gunicorn || { python3 -m venv $(SERVICE)/flask && \
	  $(SERVICE)/flask/bin/pip install --quiet flask gunicorn waitress pandas scikit-learn==1.9.1; }
	$(SERVICE)/flask/bin/python Benchmarks/service/bench_service.py \
	  "$$(swift build -c $(SERVICE_CONFIGURATION) --show-bin-path)/diamonds-prediction" $(SERVICE)/run/RandomForest \
	  data/diamonds.csv --write Benchmarks/service/results.md

soak-service: SERVICE_BUILD = deploy/build-release.sh
soak-service: SERVICE_CONFIGURATION = release
soak-service: service-model
	@$(MAKE) --no-print-directory packages APT_PACKAGES="python3 wrk"
	python3 Tests/ServiceChecks/soak.py \
	  "$$(swift build -c $(SERVICE_CONFIGURATION) --show-bin-path)/diamonds-prediction" $(SERVICE)/run/RandomForest

clean:
	rm -rf .build .build-bench
