# Sourced by demo.sh and test.sh in the checkout: what they stand on. A step that ends well is one
# line with its time; one that does not shows all it wrote and ends the script with its exit code.

readonly venv=.venv

step() {
    local name=$1 log status=0 began=${EPOCHREALTIME/[,.]/} took
    shift
    log=$(mktemp)
    printf '%-28s' "$name"
    "$@" >"$log" 2>&1 || status=$?
    took=$(((${EPOCHREALTIME/[,.]/} - began) / 100000))
    printf '%5d.%d s  ' $((took / 10)) $((took % 10))
    if ((status)); then
        printf 'FAILED (%d)\n' "$status"
        cat "$log"
    else
        printf '%s\n' "${step_says_last_line:+$(tail -n 1 "$log")}"
    fi
    rm -f "$log"
    return "$status"
}

usable_python() {
    local candidate
    for candidate in /usr/bin/python3 python3 python3.{14,13,12,11}; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'; then
            echo "$candidate"
            return
        fi
    done 2>/dev/null
    echo "no Python 3.11 or later with venv; on Debian: apt-get install python3-venv" >&2
    return 6
}

# What an environment was made from: another place, Python, declaration or recipe makes it stale.
fingerprint() {
    local python=$1
    {
        pwd
        "$python" --version
        cat pyproject.toml deploy/packages.sh deploy/environment.sh
    } | sha256sum
}

# Makes .venv with the package editable; the environment of the tests serves the demo as well.
make_venv() {
    local extra=$1 python stamp
    python=$(usable_python) || return
    stamp=$(fingerprint "$python")
    if grep -qsxF "$stamp $extra" "$venv/stamp"; then
        return
    elif [[ ! -w . ]]; then
        echo "$PWD is not writable for $(id -un): clone the repository to a place of your own" >&2
        return 6
    fi
    "$python" -m venv --clear "$venv" &&
        "$venv/bin/pip" install --disable-pip-version-check --editable ".$extra" || return
    printf '%s %s\n' "$stamp" "" "$stamp" "$extra" >"$venv/stamp"
}
