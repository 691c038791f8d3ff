# make            build/migdoctor and build/ob_error
# make help       the other targets
# Variables: B=DIR build folder, V=1 show commands, CC=clang-14, SANITIZE=1, PREFIX=, DESTDIR=

B ?= build
PREFIX ?= /usr/local
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
Q := $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-8s %s\n' $(1) '$(2)')

.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

VERSION := $(shell sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wcast-qual -Wformat=2 -Wundef -Wvla -Wimplicit-fallthrough
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection
ifdef SANITIZE
OPTIMISE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
else
OPTIMISE := -O2 -g -D_FORTIFY_SOURCE=2
endif
override CPPFLAGS += -I. -I$(B) -D_GNU_SOURCE -DMIGDOCTOR_VERSION='"$(VERSION)"'
CFLAGS ?=
BASE_CFLAGS := -std=gnu17 $(OPTIMISE) $(WARNINGS) $(HARDENING)
LDFLAGS ?=
BASE_LDFLAGS := $(filter -fsanitize=%,$(OPTIMISE)) -pie -Wl,-z,relro,-z,now

# libmariadb, libcurl and libexpat are opened when they are needed: of them the headers alone are
# used here, and those of the last two are where the compiler looks.
PKG_CPPFLAGS = $(shell pkg-config --cflags libmariadb 2>/dev/null)
LDLIBS_CATALOG := -lyaml
LDLIBS := -lyaml -ljansson -ldl -pthread

BASE_SOURCES := $(wildcard catalog/base/*.c)
# Without the compiler of the catalog and what it alone needs.
CATALOG_SOURCES := $(BASE_SOURCES) $(filter-out catalog/compile.c catalog/header.c,$(wildcard catalog/*.c))
LIB_SOURCES := $(CATALOG_SOURCES) $(wildcard checks/*/*.c) $(wildcard profiles/*.c) \
	$(filter-out cmd/main.c cmd/ob_error.c cmd/starter.c,$(wildcard cmd/*.c)) $(wildcard cmd/render/*.c)
TEST_SOURCES := $(wildcard tests/catalog/test_*.c tests/catalog/base/test_*.c tests/checks/test_*.c \
	tests/checks/*/test_*.c tests/profiles/test_*.c tests/cmd/test_*.c tests/cmd/render/test_*.c)
HARNESS_SOURCES := $(wildcard tests/harness/*.c)

objects = $(patsubst %.c,$(B)/%.o,$(1))
LIB := $(B)/libmigdoctor.a
GEN := $(B)/gen/text_ids.h $(B)/gen/tables.c
TEXTS := $(wildcard catalog/texts/*.yaml)
CODES := $(wildcard catalog/codes/*.yaml)
PROFILES := $(wildcard profiles/*.yaml)
# MariaDB's own numbers are those of the libmariadb-dev that the program is built with.
MARIADB_ERRORS := /usr/include/mariadb/mysqld_error.h
TEST_BINARIES := $(patsubst %.c,$(B)/%,$(TEST_SOURCES))

.PHONY: all
all: $(B)/migdoctor $(B)/ob_error

.PHONY: help
help:
	@echo 'make              build $(B)/migdoctor and $(B)/ob_error'
	@echo 'make test         install what is missing, build with sanitizers, run every test'
	@echo 'make demo         install what is missing, build, check two throwaway servers'
	@echo 'make bench        round trips and times beside a bare client (installs what is missing)'
	@echo 'make bundle       one archive that runs where nothing can be installed'
	@echo 'make lint         formatting, static analysis, layers, purity'
	@echo 'make format       format the C sources in place'
	@echo 'make install      DESTDIR= PREFIX=$(PREFIX)'
	@echo 'make clean        remove $(B)'

# --- packages -----------------------------------------------------------------------------------

$(B)/.packages: ci/packages
	@mkdir -p $(@D)
	@ci/setup --have build
	@touch $@

# --- generated code -----------------------------------------------------------------------------

COMPILE_OBJECTS := $(call objects,catalog/compile.c catalog/code_file.c catalog/header.c catalog/symbol.c $(BASE_SOURCES))
$(B)/compile: $(COMPILE_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) -o $@ $(COMPILE_OBJECTS) $(BASE_LDFLAGS) $(LDFLAGS) $(LDLIBS_CATALOG)

$(B)/gen/stamp: $(B)/compile $(TEXTS) $(CODES) $(PROFILES)
	$(call say,COMPILE,catalog)
	$(Q)mkdir -p $(@D)
	$(Q)$(B)/compile $(@D) --texts $(TEXTS) --codes $(CODES) --profiles $(PROFILES) \
		$(patsubst %,--mariadb-errors %,$(wildcard $(MARIADB_ERRORS)))
	$(Q)touch $@
$(GEN): $(B)/gen/stamp ;

$(B)/gen/tables.o: $(B)/gen/tables.c catalog/tables.h catalog/catalog.h catalog/text.h
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(BASE_CFLAGS) $(CFLAGS) -c -o $@ $<

# --- objects ------------------------------------------------------------------------------------

# All but the compiler of the catalog itself wait for what it writes.
$(filter-out $(COMPILE_OBJECTS),$(call objects,$(LIB_SOURCES) cmd/main.c cmd/ob_error.c $(TEST_SOURCES) $(HARNESS_SOURCES))): | $(B)/gen/stamp

# Another version is another program: what was compiled with the last one says so to people and tests.
.PHONY: FORCE
$(B)/.version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' >$@

$(B)/%.o: %.c $(B)/.version | $(B)/.packages
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -MMD -MP $(CPPFLAGS) $(PKG_CPPFLAGS) -include catalog/base/banned.h $(BASE_CFLAGS) $(CFLAGS) -c -o $@ $<

$(LIB): $(call objects,$(LIB_SOURCES)) $(B)/gen/tables.o
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

# A built-in profile that names an unknown check, code or fact stops the build here.
$(B)/migdoctor: $(call objects,cmd/main.c) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) -o $@.new $^ $(BASE_LDFLAGS) $(LDFLAGS) $(LDLIBS)
	$(Q)$@.new lint --quiet $(PROFILES)
	$(Q)mv $@.new $@

# Made of catalog/ alone: it needs no library but libc, and that within itself: the loader would cost
# more than all the rest. A file as ld writes it stands in larger pieces of the page cache than a copy
# of it, and would cost each start half as much memory again; hence install.
OB_ERROR_OBJECTS := $(call objects,cmd/ob_error.c cmd/lang.c catalog/catalog.c catalog/symbol.c \
	catalog/text.c $(patsubst %,catalog/base/%.c,arena clock error str utf8))
OB_ERROR_LDFLAGS := $(if $(SANITIZE),$(BASE_LDFLAGS),$(filter-out -pie,$(BASE_LDFLAGS)) -static-pie)
$(B)/ob_error: $(OB_ERROR_OBJECTS) $(B)/gen/tables.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) -o $@.new $^ $(OB_ERROR_LDFLAGS) $(LDFLAGS)
	$(Q)install -m 755 $@.new $@ && rm $@.new

# Starts the program of a bundle; see ci/bundle.
$(B)/starter: $(call objects,cmd/starter.c)
	$(call say,LINK,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) -o $@ $^ $(OB_ERROR_LDFLAGS) $(LDFLAGS)

$(TEST_BINARIES): $(B)/%: $(B)/%.o $(call objects,$(HARNESS_SOURCES)) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) -o $@ $^ $(BASE_LDFLAGS) $(LDFLAGS) -lcmocka $(LDLIBS)

# Examples of plugins, good and bad, for the tests.
PLUGIN_SOURCES := $(wildcard tests/plugins/*.c)
PLUGINS := $(patsubst tests/plugins/%.c,$(B)/plugins/%.so,$(PLUGIN_SOURCES))
$(B)/plugins/%.so: tests/plugins/%.c tests/plugins/refused.h checks/core/plugin.h
	$(call say,PLUGIN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu17 -Wall -Wextra -Werror -I. -shared -fPIC -o $@ $<

# Fuzzers need clang: make B=build/fuzz CC=clang-14 SANITIZE=1 CFLAGS=-fsanitize=fuzzer-no-link fuzzers
FUZZERS := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
$(FUZZERS): $(B)/%: $(B)/%.o $(B)/tests/fuzz/fuzz.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(BASE_LDFLAGS) $(LDFLAGS) $(LDLIBS)
$(call objects,$(wildcard tests/fuzz/*.c)): | $(B)/gen/stamp
.PHONY: fuzzers
fuzzers: $(FUZZERS)

# Open a session, and make a request, as their arguments say, for the tests in tests/lab.
PROBES := $(B)/session_probe $(B)/http_probe
$(PROBES): $(B)/%: $(B)/tests/lab/%.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(BASE_CFLAGS) $(CFLAGS) -o $@ $^ $(BASE_LDFLAGS) $(LDFLAGS) $(LDLIBS)
$(PROBES:$(B)/%=$(B)/tests/lab/%.o): | $(B)/gen/stamp

.PHONY: test-binaries
test-binaries: $(TEST_BINARIES) $(PLUGINS) $(B)/migdoctor $(B)/ob_error $(PROBES)
	@printf '%s\n' $(TEST_BINARIES) >$(B)/tests.list

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# --- what people type ---------------------------------------------------------------------------

.PHONY: test
test:
	$(Q)ci/setup test
	$(Q)$(MAKE) --no-print-directory B=build/asan SANITIZE=1 test-binaries
	$(Q)tests/run build/asan

.PHONY: demo
demo:
	$(Q)ci/setup demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/lab/demo $(B)/migdoctor

.PHONY: bench
bench:
	$(Q)ci/setup all
	$(Q)$(MAKE) --no-print-directory all
	$(Q)ci/bench $(B)

.PHONY: bundle
bundle: all $(B)/starter
	$(Q)ci/bundle $(B)

.PHONY: lint
lint: all
	$(Q)ci/lint
	$(Q)ci/layers
	$(Q)ci/purity $(B)

C_FILES = $(shell git ls-files '*.c' '*.h')
.PHONY: format
format:
	$(Q)clang-format-14 -i $(C_FILES)

.PHONY: install
install: all
	install -D -m 755 $(B)/migdoctor $(DESTDIR)$(PREFIX)/bin/migdoctor
	install -D -m 755 $(B)/ob_error $(DESTDIR)$(PREFIX)/bin/ob_error
	install -D -m 644 cmd/man/ob_error.1 $(DESTDIR)$(PREFIX)/share/man/man1/ob_error.1
	install -D -m 644 cmd/man/migdoctor.1 $(DESTDIR)$(PREFIX)/share/man/man1/migdoctor.1
	install -D -m 644 checks/core/plugin.h $(DESTDIR)$(PREFIX)/include/migdoctor/plugin.h

.PHONY: clean
clean:
	rm -rf $(B)
