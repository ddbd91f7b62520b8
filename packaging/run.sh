#!/usr/bin/env bash
# From a bare Debian 12 to the running viewer: installs what is missing, builds, opens the films.
#   packaging/run.sh [--out DIR] [FILE...]
# Without FILE it opens our own synthetic sample. Without a display it analyses the films, writes report and annotated
# picture next to each (or into DIR), and prints where.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

out=""
films=()
while [ $# -gt 0 ]; do
    case "$1" in
        --out) [ $# -ge 2 ] || fail "--out needs a folder"; out=$2; shift 2 ;;
        -h|--help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) films+=("$1"); shift ;;
    esac
done
for film in "${films[@]}"; do [ -e "$film" ] || fail "there is no file $film"; done

install_missing build run
build_targets programs

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    say "Opening the viewer"
    [ ${#films[@]} -gt 0 ] || films=(--sample)
    exec "$build/bin/precordia" "${films[@]}"
fi

say "No display: analysing from the command line"
if [ ${#films[@]} -eq 0 ]; then
    out=${out:-$root/build/sample}
    mkdir -p "$out"
    "$build/bin/precordia-cli" phantom --out "$out/sample.png"
    films=("$out/sample.png")
fi
status=0
for film in "${films[@]}"; do
    target=${out:-$( [ -d "$film" ] && echo "$film" || dirname "$film")}
    "$build/bin/precordia-cli" analyze "$film" --out "$target" || { status=$?; [ -d "$film" ] || continue; }
    say "Report (.report.html, .report.json) and annotated picture (.overlay.png) of $(basename "$film"): $target"
done
exit $status
