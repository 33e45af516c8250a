# make run           everything on this machine, at http://127.0.0.1:8080
# make test          installs what the tests need, then runs every test
#
# For those who change the program:
# make               builds bin/fund
# make check         gofmt, vet and staticcheck
# make e2e           the browser's tests of the whole program alone
# make bench         measures what has a benchmark
# make load          the deadline hour and a restore, held against docs/operations.md
# make long          property tests with a hundred times the draws, and the largest cases
# make pictures      takes the pictures of README anew
# make pictures-all  every page and state of the form, into bin/pictures
# make clean         removes what was built and installed here
# make help          prints this

.DEFAULT_GOAL := build
.PHONY: help run build test check fmt vet static needs e2e bench load long pictures pictures-all clean

OURS := cmd handlers jobs sql workflow
# Where goroutines meet, the race detector looks on; it needs a C compiler.
RACY := ./sql/... ./jobs/... ./handlers/...
CALM := ./workflow/... ./cmd/...
RACE := $(if $(shell command -v gcc),-race)
GOTEST := go test -timeout 40m
# One PostgreSQL for all packages, gone when the command is. Tests that can't run
# fail.
CLUSTER := FUND_TEST_STRICT=1 bin/testcluster --

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

build:
	go build -trimpath -o bin/fund ./cmd/fund

run: build
	@exec bin/fund up

bin/testcluster: $(wildcard sql/localpg/*.go sql/localpg/testcluster/*.go)
	@go build -trimpath -o $@ ./sql/localpg/testcluster

needs:
	@.ci/needs

# Both halves run even when the first fails, so that one run tells all.
test: needs fmt vet bin/testcluster
	@$(CLUSTER) sh -c 'status=0; \
		$(GOTEST) $(CALM) || status=1; \
		$(GOTEST) $(RACE) $(RACY) || status=1; \
		exit $$status'

# What a reviewer would otherwise have to say.
check: fmt vet static

fmt:
	@bad=$$(gofmt -l $(OURS)); if [ -n "$$bad" ]; then echo "not gofmt'd:"; echo "$$bad"; exit 1; fi

vet:
	go vet ./...

static:
	go tool -modfile=.ci/tools/go.mod staticcheck ./...

# The browser's tests alone: TestE2E… in cmd/fund.
e2e: needs bin/testcluster
	@$(CLUSTER) $(GOTEST) -v -count=1 -run '^TestE2E' ./cmd/fund

bench: bin/testcluster
	@$(CLUSTER) $(GOTEST) -run '^$$' -bench . -benchmem ./...

# What docs/operations.md promises for the deadline hour and after a disaster, measured here.
load: needs
	@FUND_TEST_LOAD=1 $(GOTEST) -v -count=1 -run '^TestServiceLevels$$' ./cmd/fund

# Property tests with a hundred times the draws, and what FUND_TEST_LONG adds.
long: needs bin/testcluster
	@FUND_TEST_LONG=1 $(CLUSTER) $(GOTEST) -timeout 6h -count=1 \
		$$(grep -rl --include='*_test.go' pgregory.net/rapid $(OURS) | xargs -n1 dirname | sort -u | sed 's|^|./|') \
		-rapid.checks=10000
	@FUND_TEST_LONG=1 $(CLUSTER) $(GOTEST) -count=1 -run Many ./sql
	@FUND_TEST_LONG=1 $(CLUSTER) $(GOTEST) -count=1 -run 'OwnCases|EWays' ./cmd/fund

# The pictures in the README and the manual, taken anew by the browser.
pictures: needs bin/testcluster
	@FUND_TEST_PICTURES=$(CURDIR)/docs/pictures $(CLUSTER) $(GOTEST) -count=1 -run '^TestPictures$$' ./cmd/fund

# Every page of those and the form in all its states, wide and narrow, into bin/pictures.
pictures-all: needs bin/testcluster
	@FUND_TEST_LONG=1 FUND_TEST_PICTURES=$(CURDIR)/bin/pictures $(CLUSTER) $(GOTEST) -count=1 -run '^TestPictures$$' ./cmd/fund

clean:
	rm -rf bin .ci/node_modules
