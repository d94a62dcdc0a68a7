#!/usr/bin/env bash
# This file decides what must be on the machine before the hotline can run, and installs what is missing, once.
# It knows Debian, Asterisk's version floor and the Python lock; it knows nothing of calls. Called by `make setup`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

set -E
trap 'fail "line $LINENO of setup.sh: $BASH_COMMAND"' ERR # nothing ends without saying where

readonly STEPS=4
readonly ASTERISK_FLOOR=22.10.1 # the same as OLDEST_ASTERISK in ivr_engine/asterisk/telephony.py; a test compares them
readonly ASTERISK_SUITE=forky   # the Debian suite that packages it
readonly LOG=.build/setup.log
# sip-tester: SIP callers and agents. prometheus: promtool, which tests the alert rules. util-linux: setpriv, flock.
readonly PACKAGES=(ca-certificates espeak-ng make mosquitto openssl prometheus python3-venv sip-tester sox util-linux)
readonly SERVICES=(mosquitto prometheus)

step=0 name='' remedy='see the lines above' began=0

begin() { # NAME, WHAT TO DO WHEN IT FAILS
    step=$((step + 1)) name=$1 remedy=$2 began=$SECONDS
    printf -- '--- step %d: %s, %s\n' "$step" "$name" "$(date -Is)" >>"$LOG"
}
say() { printf '[%d/%d] %-16s %s\n' "$step" "$STEPS" "$name" "$1"; }
took() { say "$1 in $((SECONDS - began)) s"; }
fail() { # CAUSE
    say "FAILED: $1" >&2
    printf '      what to do: %s\n' "$remedy" >&2
    exit 1
}
quietly() { "$@" >>"$LOG" 2>&1; }
logged() { # a command whose output only matters when it fails
    quietly "$@" && return
    printf '      %s\n      last words, from %s:\n' "$*" "$LOG" >&2
    tail -n 8 "$LOG" | sed 's/^/        /' >&2
    return 1
}
newer_or_same() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; } # VERSION, FLOOR

# --- 1. Debian packages ----------------------------------------------------------------------------------------

policy=/usr/sbin/policy-rc.d
policy_mark='# written by the hotline setup.sh; safe to remove'
as_root=()

keep_services_down() { # what dpkg would start must stay down: the hotline runs its own, on its own ports
    [ -e "$policy" ] && return
    printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
}
restore_policy() { # only our own, also one that a killed run left behind
    if grep -qsxF "$policy_mark" "$policy"; then "${as_root[@]}" rm -f "$policy"; fi
}
missing_packages() { # NAME...
    local present
    present=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p') || true
    printf '%s\n' "$@" | grep -vxF -e "$present" || true
}
install_packages() { # NAME...
    local fresh=() service
    for service in "${SERVICES[@]}"; do
        case " $* " in *" $service "*) fresh+=("$service") ;; esac
    done
    keep_services_down
    trap restore_policy EXIT
    # A failed update of some other archive must not stop us: what counts is whether the install then works.
    quietly "${as_root[@]}" apt-get update || true
    logged "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" || fail 'apt-get could not install them'
    if [ ${#fresh[@]} -gt 0 ] && command -v systemctl >/dev/null; then # nor at the next boot
        quietly "${as_root[@]}" systemctl disable "${fresh[@]}" || true
    fi
    restore_policy
    trap - EXIT
}
debian_packages() { # NAME...
    local missing
    begin 'Debian packages' "look at the lines above; if the archive was unreachable, connect and run make setup again"
    command -v dpkg-query >/dev/null || fail 'this is no Debian; the setup needs Debian 12 or later'
    mapfile -t missing < <(missing_packages "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        say 'all there'
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        remedy="as root: apt-get install --no-install-recommends ${missing[*]}; then run make setup again"
        command -v sudo >/dev/null || fail 'some are missing and this user may not install them'
        as_root=(sudo)
        sudo -v || fail 'some are missing and sudo refused'
    fi
    say "installing ${missing[*]} …"
    install_packages "${missing[@]}"
    took 'installed'
}

# --- 2. Asterisk -----------------------------------------------------------------------------------------------

version_of() { # PROGRAM
    "$1" -V 2>/dev/null | sed -nE 's/^Asterisk (certified\/)?([0-9]+(\.[0-9]+)+).*/\2/p'
}
host_asterisk() { PATH="$PATH:/usr/sbin" command -v asterisk || true; }
good_enough() { # PROGRAM
    local version
    [ -n "$1" ] && [ -x "$1" ] && version=$(version_of "$1") && [ -n "$version" ] &&
        newer_or_same "$version" "$ASTERISK_FLOOR"
}
write_wrapper() { # PROGRAM
    # Its own loader and libraries: it needs nothing newer from the host, no chroot and no rights.
    cat >"$1" <<'WRAPPER'
#!/bin/sh
# Written by setup.sh: runs the private Asterisk with the libraries it was built for.
root=${0%/*}/../root
for loader in "$root"/usr/lib/*-linux-gnu*/ld-linux*.so.*; do
    exec "$loader" --library-path "${loader%/*}" --argv0 asterisk "$root/usr/sbin/asterisk" "$@"
done
WRAPPER
    chmod 755 "$1"
}
build_asterisk() {
    local unfinished=.asterisk/root.unfinished mode=()
    [ "$(id -u)" -eq 0 ] || mode=(--mode=chrootless) # nothing in it is ever run as root or from a chroot
    rm -rf "$unfinished" .asterisk/root .asterisk/bin
    mkdir -p .asterisk/bin
    # A mirror's snapshot may have outlived its date; the signature is still checked.
    logged mmdebstrap "${mode[@]}" --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
        --include=asterisk,ca-certificates- "$ASTERISK_SUITE" "$unfinished" || return 1
    mv "$unfinished" .asterisk/root
    write_wrapper .asterisk/bin/asterisk.unfinished # the last thing made: where it is, all is
    mv .asterisk/bin/asterisk.unfinished .asterisk/bin/asterisk
}
asterisk() {
    local host
    begin 'Asterisk' "connect to a Debian mirror and run make setup again, or install Asterisk $ASTERISK_FLOOR or later"
    host=$(host_asterisk)
    if good_enough "$host"; then
        say "the host's own, $(version_of "$host")"
    elif good_enough .asterisk/bin/asterisk; then
        say "private one, $(version_of .asterisk/bin/asterisk)"
    else
        say "building a private one from Debian $ASTERISK_SUITE (about 15 s, 270 MB) …"
        build_asterisk || fail 'mmdebstrap could not build it'
        good_enough .asterisk/bin/asterisk || fail "what was built is not Asterisk $ASTERISK_FLOOR or later"
        took "$(version_of .asterisk/bin/asterisk) built"
    fi
}

# --- 3. Python -------------------------------------------------------------------------------------------------

install_locked() {
    # uv is in the lock like everything else; once it is in, it does the rest in a tenth of pip's time.
    awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' requirements.txt >.build/uv.txt
    logged .venv/bin/python -m pip install --quiet --require-hashes -r .build/uv.txt || return 1
    # The system's certificates, as pip uses them: uv's own list knows no company's.
    quietly .venv/bin/uv --system-certs pip sync --quiet --python .venv/bin/python --require-hashes requirements.txt ||
        logged .venv/bin/python -m pip install --quiet --require-hashes -r requirements.txt || return 1
    logged .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
}
python_env() {
    local wanted
    begin 'Python' 'if the package index was unreachable, connect and run make setup again; else: rm -r .venv'
    wanted=$(cat requirements.txt pyproject.toml | sha256sum)
    if [ -x .venv/bin/python ] && [ "$(cat .venv/stamp 2>/dev/null)" = "$wanted" ]; then
        say 'locked packages are in .venv'
        return
    fi
    if [ ! -x .venv/bin/python ]; then
        python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail 'python3 is older than 3.11'
        logged python3 -m venv .venv || fail 'python3 -m venv .venv did not work'
    fi
    say 'installing the locked packages into .venv …'
    install_locked || fail 'the locked packages could not be installed'
    printf '%s\n' "$wanted" >.venv/stamp
    took 'installed'
}

# --- 4. Prompts ------------------------------------------------------------------------------------------------

hash_of_sources() { # FOLDER...
    { find "$@" -type f \( -name '*.yaml' -o -name '*.py' -o -name '*.wav' \) -print0 2>/dev/null || true; } |
        sort -z | xargs -0r sha256sum | sha256sum
}
prompts() {
    local wanted
    begin 'Prompts' 'mend the dialplan or prompt named above, then run make setup again'
    wanted=$(hash_of_sources dialplans prompts ivr_engine/prompts ivr_engine/spoken)
    if compgen -G 'prompts/*/*.alaw' >/dev/null && [ "$(cat .build/prompts.stamp 2>/dev/null)" = "$wanted" ]; then
        say 'spoken'
    else
        logged .venv/bin/ivr prompts build || fail 'not all prompts could be built'
        printf '%s\n' "$wanted" >.build/prompts.stamp
        took 'built'
    fi
}

mkdir -p .build
: >"$LOG"
exec 9>.build/setup.lock
flock -n 9 || { echo 'another setup runs here; waiting for it'; flock 9; }
restore_policy
packages=("${PACKAGES[@]}")
good_enough "$(host_asterisk)" || [ -x .asterisk/bin/asterisk ] || packages+=(mmdebstrap)
debian_packages "${packages[@]}"
asterisk
python_env
prompts
