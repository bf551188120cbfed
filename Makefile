# Apus. `make help` lists the targets.

PREFIX     ?= /usr/local
PLUGIN_DIR ?= /opt/cni/bin
DESTDIR    ?=
REFERENCE  ?= runc

# A root shell often has no Swift in its PATH although the machine has one.
SWIFT := $(firstword $(shell command -v swift) \
	$(wildcard /opt/swift/usr/bin/swift /usr/local/swift/usr/bin/swift /usr/libexec/swift/bin/swift \
	$(shell [ -z "$$SUDO_USER" ] || getent passwd "$$SUDO_USER" | cut -d: -f6)/.local/share/swiftly/bin/swift))

BUILD    := .build/release
RUNTIME  := $(BUILD)/apus-runtime
PROGRAMS := $(filter apus-runtime apus-cni apus-netd apus-init apus,$(notdir $(wildcard Sources/apus*))) apus-conformance conformance-probe
SOURCES := Package.swift Sources Tests docs/examples $(wildcard plugins conformance)

BUILD_PACKAGES := libjansson-dev libnl-3-dev libseccomp-dev pkgconf
TEST_PACKAGES  := attr bind9-dnsutils buildah busybox-static conmon conntrack containerd containernetworking-plugins crun curl dnsmasq-base \
	docker-registry etcd-client etcd-server gcc gzip iproute2 iptables iputils-ping jq libc6-dev mandoc mmdebstrap nftables openssl podman procps python3 runc skopeo \
	strace tmux uidmap umoci user-mode-linux zstd
BENCH_PACKAGES := aardvark-dns busybox-static containernetworking-plugins crun dnsmasq-base dnsperf etcd-client etcd-server gcc hyperfine iperf3 iproute2 iptables iputils-ping jq libc6-dev podman python3 runc strace

.DEFAULT_GOAL := help
.PHONY: help build demo test fuzz bench check conformance install uninstall clean swift \
	deps deps-build deps-test deps-bench deps-demo

help:
	@echo 'make demo         build, run a container, connect two, play the networking guide         (root)'
	@echo 'make test         every test: modules, programs, podman, containerd, buildah         (root)'
	@echo 'make fuzz         10 million hostile inputs for everything that is read: some minutes, no root'
	@echo 'make check        formatting, build without warnings, tests which need no root'
	@echo 'make bench        ours beside runc, crun, the reference plugins and the bare system calls (root)'
	@echo 'make conformance  our plugins, host and runtime against the specifications, clause by clause (root)'
	@echo 'make build        the release programs, $(RUNTIME) and the network plugins'
	@echo 'make install      to $$(DESTDIR)$$(PREFIX)/bin and share, plugins to $$(DESTDIR)$$(PLUGIN_DIR); PREFIX=$(PREFIX) PLUGIN_DIR=$(PLUGIN_DIR)'
	@echo 'make uninstall    takes away what install put there'
	@echo 'make deps         Debian packages which are missing, of all lists                    (root)'
	@echo 'make clean        removes .build'

# Packages: apt is called only when something is missing.

define packages
	@sh Tests/Support/packages $(1)
endef

deps: ; $(call packages,$(sort $(BUILD_PACKAGES) $(TEST_PACKAGES) $(BENCH_PACKAGES)))
deps-build: ; $(call packages,$(BUILD_PACKAGES))
deps-demo: ; $(call packages,$(BUILD_PACKAGES) busybox-static conmon curl iproute2 iputils-ping jq mmdebstrap nftables procps python3)
deps-test: ; $(call packages,$(sort $(BUILD_PACKAGES) $(TEST_PACKAGES)))
deps-bench: ; $(call packages,$(sort $(BUILD_PACKAGES) $(BENCH_PACKAGES)))

swift:
	@[ -n '$(SWIFT)' ] || { echo 'Apus needs Swift 6.2 or newer: see https://www.swift.org/install/linux/ and put swift in PATH' >&2; exit 1; }

# Under sudo the build tree stays with the person who called it.
define build
	@'$(SWIFT)' build -c release
	@[ -z "$$SUDO_UID" ] || chown -R "$$SUDO_UID:$${SUDO_GID:-$$SUDO_UID}" .build
endef

build: swift deps-build ; $(call build)

demo: swift deps-demo
	$(call build)
	@bash docs/demo/run.sh $(RUNTIME)
	@bash docs/demo/network.sh $(BUILD)
	@bash docs/demo/images.sh .build/images
	@bash docs/demo/guide.sh $(BUILD) .build/images

test: swift deps-test
	@SWIFT='$(SWIFT)' REFERENCE='$(REFERENCE)' bash Tests/run

fuzz: swift deps-build
	@SWIFT='$(SWIFT)' bash Tests/Fuzz/run

check: swift deps-build
	@'$(SWIFT)' format lint --strict --recursive $(SOURCES)
	@'$(SWIFT)' build --build-tests
	@'$(SWIFT)' test --skip-build

bench: swift deps-bench
	$(call build)
	@bash Benchmarks/run $(BENCH_FLAGS) $(RUNTIME)
	@bash Benchmarks/network $(BENCH_FLAGS) $(BUILD)
	@bash Benchmarks/dns $(BENCH_FLAGS) $(BUILD)
	@bash Benchmarks/engine $(BENCH_FLAGS) $(BUILD)
	@bash Benchmarks/overlay $(BENCH_FLAGS) $(BUILD)

# CONFORMANCE_FLAGS: what apus-conformance takes, for example --workers 4; reports go to .build/conformance.
conformance: swift deps-test
	$(call build)
	@BUILD='$(BUILD)' sh conformance/run $(CONFORMANCE_FLAGS)

install:
	@[ -x $(RUNTIME) ] || { echo 'nothing built yet: make build' >&2; exit 1; }
	sh plugins/install $(BUILD) '$(DESTDIR)$(PLUGIN_DIR)'
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 0755 $(addprefix $(BUILD)/,$(PROGRAMS)) '$(DESTDIR)$(PREFIX)/bin'
	sh Sources/manual.install $(BUILD) '$(DESTDIR)$(PREFIX)/share'

uninstall:
	sh plugins/install --remove '$(DESTDIR)$(PLUGIN_DIR)'
	rm -f $(patsubst %,'$(DESTDIR)$(PREFIX)/bin/%',$(PROGRAMS))
	sh Sources/manual.install --remove '$(DESTDIR)$(PREFIX)/share'

clean:
	rm -rf .build
