# Shared by run.sh and test.sh: installs what is missing, configures, builds. Sourced, not run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build="$root/build/release"
# One cache for every clone: paths inside the source tree are hashed relative to it.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE="${CCACHE_MAXSIZE:-5G}"

say() { printf '\n==> %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# packages LIST...: the package names in packaging/deps/LIST.txt, comments left out.
packages() { for list in "$@"; do grep -hv '^ *\(#\|$\)' "$root/packaging/deps/$list.txt"; done; }

# missing_packages LIST...: those of them that are not installed.
missing_packages() {
    local wanted; wanted=$(packages "$@" | sort -u)
    comm -23 <(printf '%s\n' "$wanted") \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

install_missing() {
    command -v apt-get >/dev/null || fail "this script installs packages with apt-get; on other systems install what packaging/deps names and use CMake"
    local missing; missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    local sudo=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "run this as root, or install sudo: these packages are missing: $(echo $missing)"
        sudo=sudo
    fi
    say "Installing $(wc -w <<<"$missing") packages (on a bare Debian 12: about 300 MB, 1 to 3 minutes)"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# build_targets TARGET...: configures once, then builds with Ninja through ccache.
build_targets() {
    if [ ! -f "$build/build.ninja" ]; then
        say "Configuring"
        (cd "$root" && cmake --preset release >/dev/null)
        say "Building (first time about 35 minutes on two cores, with a warm ccache 1 minute)"
    fi
    cmake --build "$build" --target "$@" -- --quiet
}
