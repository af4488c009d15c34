#!/usr/bin/env bash
# What BSS needs from Debian: as root installs what is missing, as anyone else names it and ends
# with 6. Leaves alone what is there, creates no cluster, starts no service of what it installs, and
# keeps apt's sources as they are.
set -euo pipefail

readonly archive_keyring=/usr/share/keyrings/debian-archive-keyring.gpg
readonly no_main_cluster=/etc/postgresql-common/createcluster.d/bss-packages.conf
readonly policy=/usr/sbin/policy-rc.d
readonly oldest=15 newest=18

# The major version: of the newest server that is installed, else of the one that apt offers.
server_major() {
    local initdb major=0 candidate
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        candidate=${initdb#/usr/lib/postgresql/} candidate=${candidate%%/*}
        if [[ -x $initdb ]] && ((candidate > major && candidate >= oldest && candidate <= newest)); then
            major=$candidate
        fi
    done
    ((major)) || major=$(apt-cache depends postgresql 2>/dev/null |
        sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
    echo "${major:-$oldest}"
}

extensions() {
    echo "/usr/share/postgresql/$1/extension"
}

python_works() {
    /usr/bin/python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
}

# A package is missing when what it is wanted for is missing, wherever that would come from.
missing_packages() {
    local major=$1
    {
        [[ -x /usr/lib/postgresql/$major/bin/initdb ]] || echo "postgresql-$major"
        [[ -f $(extensions "$major")/plpython3u.control ]] || echo "postgresql-plpython3-$major"
        [[ -f $(extensions "$major")/pgtap.control ]] || echo "postgresql-$major-pgtap"
        [[ -f $(extensions "$major")/vector.control ]] || echo "postgresql-$major-pgvector"
        command -v git || echo git
        command -v pg_prove || echo libtap-parser-sourcehandler-pgtap-perl
        PATH=$PATH:/usr/sbin command -v pgbouncer || echo pgbouncer
        command -v redis-server || echo redis-server
        PATH=$PATH:/usr/sbin command -v nats-server || echo nats-server
        /usr/bin/python3 -c 'import jsonschema' || echo python3-jsonschema
        python_works || echo python3-venv
    } 2>/dev/null | grep -v ^/ || true
}

install_packages() {
    DEBIAN_FRONTEND=noninteractive apt-get install -o DPkg::Lock::Timeout=120 --yes --no-install-recommends "$@"
}

# The line of apt's sources that this release comes from, as "URI keyring".
mirror_of_release() {
    local uri entry keyring
    IFS='|' read -r uri entry < <(apt-get indextargets --format '$(REPO_URI)|$(SOURCESENTRY)' \
        'Identifier: Packages' "Codename: $VERSION_CODENAME" 'Component: main' 'Label: Debian')
    keyring=$(sed -nE 's/^Signed-By:\s*(\/\S+)\s*$/\1/Ip; s/.*signed-by=([^], ]+).*/\1/Ip' \
        "${entry%:*}" | head -n 1)
    echo "$uri ${keyring:-$archive_keyring}"
}

# Builds the source package of the next release, verified by apt as any other, against the server
# that is here. Its source line lives in a directory of its own.
build_pgvector() {
    local major=$1 next=$2 uri keyring
    install_packages debian-archive-keyring build-essential "postgresql-server-dev-$major"
    read -r uri keyring < <(mirror_of_release)
    cd "$scratch"
    mkdir -p {lists,cache}/partial parts source
    chown _apt {lists,cache}/partial source
    echo "deb-src [signed-by=$keyring] $uri $next main" >next.list
    local apt=(apt-get -o "Dir::Etc::SourceList=$PWD/next.list" -o "Dir::Etc::SourceParts=$PWD/parts"
        -o "Dir::State::Lists=$PWD/lists" -o "Dir::Cache=$PWD/cache")
    "${apt[@]}" update
    cd source
    "${apt[@]}" source --download-only pgvector
    dpkg-source --extract pgvector_*.dsc tree
    # The default of OPTFLAGS is -march=native, which ties the library to this very processor.
    local build=(make -C tree OPTFLAGS= with_llvm=no
        PG_CONFIG="/usr/lib/postgresql/$major/bin/pg_config")
    "${build[@]}"
    "${build[@]}" install
}

clean_up() {
    rm -rf "$scratch" "$no_main_cluster" "${own_policy:-}"
    rmdir --ignore-fail-on-non-empty "${no_main_cluster%/*}"
}

install_all() {
    local major missing
    scratch=$(mktemp -d)
    trap clean_up EXIT
    chmod 755 "$scratch"
    mkdir -p "${no_main_cluster%/*}" # read by the server package's first installation
    echo 'create_main_cluster = false' >"$no_main_cluster"
    if [[ ! -e $policy ]]; then # asked before any service is started
        own_policy=$policy
        printf '#!/bin/sh\nexit 101\n' >"$own_policy"
        chmod 755 "$own_policy"
    fi

    apt-get update
    major=$(server_major)
    mapfile -t missing < <(missing_packages "$major" | while read -r package; do
        apt-cache show "$package" >/dev/null && echo "$package"
    done)
    install_packages "${missing[@]}"
    if [[ $VERSION_CODENAME == bookworm && ! -f $(extensions "$major")/vector.control ]]; then
        build_pgvector "$major" trixie
    fi
}

main() {
    local missing
    # shellcheck source=/dev/null
    . /etc/os-release
    missing=$(missing_packages "$(server_major)")
    if [[ $missing ]] && ((EUID == 0)) && command -v apt-get >/dev/null; then
        install_all
        missing=$(missing_packages "$(server_major)")
    fi
    if [[ $missing ]]; then
        printf 'missing packages:\n%s\n' "$missing" >&2
        ((EUID == 0)) || echo 'run "bash deploy/packages.sh" as root once' >&2
        return 6
    fi
}

main
