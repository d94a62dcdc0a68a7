#!/usr/bin/env bash
# This file decides how the two images are built, and proves that each starts. Called by `make images`, after `make setup`.
# With docker or podman where one answers, else with buildah and mmdebstrap, which need no container engine.
# It knows images and ports; it knows nothing of calls. It leaves images behind and nothing else: no process, no mount.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

set -E
trap 'fail "line $LINENO of docker/build.sh: $BASH_COMMAND"' ERR # nothing ends without saying where

readonly STEPS=7
readonly WORK=.build/images # cached: bases, wheels; removed by `make clean`
readonly LOG=$WORK/build.log
readonly PYTHON=3.11 # of the engine's base, Debian bookworm
readonly IVR_UID=10001
readonly ASTERISK=localhost/ivr-asterisk ENGINE=localhost/ivr-engine
readonly ASTERISK_BASE=(forky asterisk,ca-certificates-)
readonly ENGINE_BASE=(bookworm openssl,python3-minimal,libpython3-stdlib,tzdata)

step=0 name='' remedy='see the lines above' began=0

begin() { # NAME, WHAT TO DO WHEN IT FAILS
    step=$((step + 1)) name=$1 remedy=$2 began=$SECONDS
    printf -- '--- step %d: %s, %s\n' "$step" "$name" "$(date -Is)" >>"$LOG"
}
say() { printf '[%d/%d] %-16s %s\n' "$step" "$STEPS" "$name" "$1"; }
took() { say "$1 in $((SECONDS - began)) s"; }
fail() { # CAUSE
    trap - ERR
    say "FAILED: $1" >&2
    printf '      what to do: %s\n' "$remedy" >&2
    exit 1
}
logged() { # a command whose output only matters when it fails
    "$@" >>"$LOG" 2>&1 && return
    printf '      %s\n      last words, from %s:\n' "$*" "$LOG" >&2
    tail -n 12 "$LOG" | sed 's/^/        /' >&2
    return 1
}
hash_of() { # FILE OR FOLDER...: names and contents, no times
    find "$@" -type f ! -path '*/__pycache__/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16
}

# --- 1. Who builds -----------------------------------------------------------------------------------------------

with='' # docker, podman or buildah

builder() {
    local each missing=()
    begin 'Builder' 'install docker or podman, or: apt-get install buildah mmdebstrap; then make images again'
    for each in ${IVR_IMAGES_WITH:-docker podman}; do
        if [ "$each" != buildah ] && command -v "$each" >/dev/null && "$each" info >>"$LOG" 2>&1; then
            with=$each
            say "$each answers"
            return
        fi
    done
    with=buildah
    for each in buildah mmdebstrap; do
        command -v "$each" >/dev/null || missing+=("$each")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        command -v apt-get >/dev/null || fail "${missing[*]} not installed, and this is no Debian"
        say "installing ${missing[*]} …"
        # A failed update of some other archive must not stop us: what counts is whether the install then works.
        logged apt-get update || true
        logged env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
            -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "${missing[@]}" || fail 'apt-get could not install them'
    fi
    say 'no container engine answers; buildah does without'
}

# --- 2. Bases: only buildah needs them made; an engine pulls what the Dockerfiles name -------------------------------

stamp_of() { # IMAGE: the hash it was built from, nothing if there is no such image
    case $with in
        buildah) buildah inspect --type image --format '{{index .OCIv1.Config.Labels "ivr.inputs"}}' "$1" ;;
        *) "$with" image inspect --format '{{index .Config.Labels "ivr.inputs"}}' "$1" ;;
    esac 2>/dev/null || true
}
base() { # IMAGE, SUITE, PACKAGES
    local tar=$WORK/${1##*/}.tar stamp container
    stamp=$(printf '%s ' "$@" | sha256sum | cut -c 1-16)
    [ "$(stamp_of "$1")" = "$stamp" ] && return
    if [ "$(cat "$tar.stamp" 2>/dev/null)" != "$stamp" ]; then
        say "making a base from Debian $2 (about a minute) …"
        # Signatures are checked; a mirror's snapshot may have outlived its date. Manuals are for people with a shell.
        logged mmdebstrap --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
            --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
            --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
            --include="$3" "$2" "$tar.unfinished" || fail "mmdebstrap could not make Debian $2"
        mv "$tar.unfinished" "$tar"
        printf '%s\n' "$stamp" >"$tar.stamp"
    fi
    container=$(buildah from scratch)
    containers+=("$container")
    logged buildah add "$container" "$tar" / || fail 'buildah could not unpack the base'
    buildah config --label "ivr.inputs=$stamp" "$container"
    logged buildah commit --rm "$container" "$1" || fail 'buildah could not keep the base'
}
bases() {
    begin 'Bases' "connect to a Debian mirror, and see that some GB of disk are free, then make images again"
    if [ "$with" != buildah ]; then
        say 'those the Dockerfiles name'
        return
    fi
    base localhost/ivr-asterisk-base "${ASTERISK_BASE[@]}"
    base localhost/ivr-engine-base "${ENGINE_BASE[@]}"
    took 'forky and bookworm are there'
}

# --- 3. Wheels ---------------------------------------------------------------------------------------------------

fetch_wheels() {
    local target=() machine each
    if ! .venv/bin/python -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$PYTHON')"; then
        machine=$(uname -m) # this host's Python is another one: ask for the image's
        target=(--python-version "$PYTHON" --implementation cp --abi "cp${PYTHON/./}" --abi abi3 --abi none)
        for each in manylinux_2_36 manylinux_2_34 manylinux_2_31 manylinux_2_28 manylinux_2_17 manylinux2014 \
            manylinux_2_12 manylinux2010 manylinux_2_5 manylinux1; do
            target+=(--platform "${each}_$machine")
        done
    fi
    logged .venv/bin/python -m pip download --quiet --require-hashes --no-deps --only-binary :all: "${target[@]}" \
        -r docker/requirements.txt -d "$1"
}
wheels() {
    local context=$WORK/engine source=$WORK/source locked ours sources
    begin 'Wheels' 'run make setup; if the package index was unreachable, connect and run make images again'
    [ -x .venv/bin/uv ] || fail 'there is no .venv'
    locked=$(hash_of docker/requirements.txt)
    if [ "$(cat "$WORK/locked.stamp" 2>/dev/null)" != "$locked" ]; then
        say 'fetching the locked packages …'
        rm -rf "$WORK/locked"
        fetch_wheels "$WORK/locked" || fail 'not every locked package could be fetched as a wheel'
        printf '%s\n' "$locked" >"$WORK/locked.stamp"
    fi
    sources=(ivr_engine pyproject.toml)
    ours=$(hash_of "${sources[@]}" docker/build-requirements.txt)
    if [ "$(cat "$WORK/ours.stamp" 2>/dev/null)" != "$ours" ]; then
        # From a copy: the builder leaves things beside what it builds, and picks up what it left the last time.
        rm -rf "$source" "$WORK/ours"
        mkdir -p "$source"
        tar -c --exclude=__pycache__ "${sources[@]}" | tar -x -C "$source"
        logged env SOURCE_DATE_EPOCH=1700000000 .venv/bin/uv build --quiet --wheel --out-dir "$WORK/ours" \
            --python .venv/bin/python --build-constraints docker/build-requirements.txt --require-hashes "$source" ||
            fail 'our own wheel could not be built'
        printf '%s\n' "$ours" >"$WORK/ours.stamp"
    fi
    rm -rf "$context"
    mkdir -p "$context/wheels"
    cp "$WORK"/locked/*.whl "$WORK"/ours/*.whl "$context/wheels/"
    cp docker/requirements.txt "$context/requirements.txt"
    cp -L .venv/bin/uv "$context/uv"
    cp -R asterisk-config "$context/asterisk-config"
    took "$(find "$context/wheels" -name '*.whl' | wc -l) are there"
}

# --- 4. and 5. Images --------------------------------------------------------------------------------------------

image() { # IMAGE, DOCKERFILE, CONTEXT
    local tag=$1 file=$2 context=$3 stamp base='' build=("$with" build)
    begin "${tag##*/}" 'look at the lines above; if a mirror was unreachable, connect and run make images again'
    if [ "$with" = buildah ]; then
        # docker's format: the other one has no place for a health check.
        build+=(--isolation chroot --format docker --layers=false --build-arg "BASE=$tag-base")
        base=$(stamp_of "$tag-base")
    fi
    stamp=$(printf '%s ' "$with" "$base" "$(hash_of "$file")" "$(hash_of "$context")" | sha256sum | cut -c 1-16)
    if [ "$(stamp_of "$tag")" = "$stamp" ]; then
        say 'unchanged'
        return
    fi
    say 'building …'
    logged "${build[@]}" --label "ivr.inputs=$stamp" -t "$tag" -f "$file" "$context" || fail 'it could not be built'
    took 'built'
}

# --- Starting an image once ----------------------------------------------------------------------------------------

containers=() # made by us, removed at the end
running=()    # process ids (buildah) or container names (engine) that still have to be ended
scratch='' spool='' ports_pid=''

cleanup() {
    local each
    trap - ERR EXIT
    for each in "${running[@]}"; do
        if [ "$with" = buildah ]; then
            kill -KILL "$each" 2>/dev/null || true # its children and mounts are in namespaces that end with it
            wait "$each" 2>/dev/null || true
        else
            "$with" rm -f "$each" >/dev/null 2>&1 || true
        fi
    done
    for each in "${containers[@]}"; do
        buildah rm "$each" >/dev/null 2>&1 || true
    done
    [ -z "$ports_pid" ] || kill "$ports_pid" 2>/dev/null || true
    [ -z "$scratch" ] || rm -rf "$scratch"
    [ -z "$spool" ] || rm -rf "$spool"
}
volumes() { # FLAG...: the same folders as in compose.yaml
    local etc=ro
    [ "${1:-}" = writable-settings ] && etc=rw
    printf '%s\n' -v "$scratch/etc:/etc/ivr:$etc" -v "$PWD/dialplans:/srv/ivr/dialplans:ro" \
        -v "$PWD/prompts:/srv/ivr/prompts:ro" -v "$spool:/run/ivr/spool" -v "$scratch/asterisk:/var/lib/ivr/asterisk" \
        -v "$scratch/vault:/var/lib/ivr/vault" -v "$scratch/state:/var/lib/ivr/state" -v "$scratch/keys:/keys"
}
command_of() { # NAME, IMAGE, MOUNTS, ARGUMENT...: fills `line` with what runs it here
    local called=$1 image=$2 mounts=$3 container
    shift 3
    mapfile -t line < <(volumes "$mounts")
    if [ "$with" = buildah ]; then
        container=$(buildah from "$image")
        containers+=("$container")
        mapfile -t entry < <(buildah inspect --type image --format '{{range .OCIv1.Config.Entrypoint}}{{println .}}{{end}}' \
            "$image" | sed '/^$/d')
        # chroot isolation shares network and process ids; the second are given back, so that nothing outlives us.
        line=(unshare --mount --pid --fork --kill-child buildah run --isolation chroot "${line[@]}" "$container" --
            "${entry[@]}" "$@")
    else
        line=("$with" run --rm --name "$called" --network host --read-only --tmpfs /tmp --cap-drop ALL
            --security-opt no-new-privileges "${line[@]}" "$image" "$@")
    fi
}
once() { # IMAGE, MOUNTS, ARGUMENT...: run to its end
    local line
    command_of "ivr-once-$$" "$@"
    logged "${line[@]}"
}
start() { # NAME, IMAGE, ARGUMENT...: in the background; its output goes to $scratch/NAME.out
    local line called=$1 image=$2
    shift 2
    command_of "ivr-$called-$$" "$image" read-only-settings "$@"
    "${line[@]}" >"$scratch/$called.out" 2>&1 &
    started=$!
    if [ "$with" = buildah ]; then running+=("$started"); else running+=("ivr-$called-$$"); fi
}
healthy() { # NAME, IMAGE: the image's own health check, beside what start started
    local test container
    case $with in
        buildah) mapfile -t test < <(buildah inspect --type image \
            --format '{{range .Docker.Config.Healthcheck.Test}}{{println .}}{{end}}' "$2" | sed '/^$/d') ;;
        *) mapfile -t test < <("$with" image inspect \
            --format '{{range .Config.Healthcheck.Test}}{{println .}}{{end}}' "$2" | sed '/^$/d') ;;
    esac
    case ${test[0]:-none} in
        CMD) test=("${test[@]:1}") ;;
        CMD-SHELL) test=(sh -c "${test[1]}") ;;
        *) fail "the image has no health check" ;;
    esac
    if [ "$with" = buildah ]; then
        container=$(buildah from "$2")
        containers+=("$container")
        mapfile -t line < <(volumes)
        logged unshare --mount --pid --fork --kill-child buildah run --isolation chroot \
            --env "IVR_HEALTH=http://127.0.0.1:$web/healthz" "${line[@]}" "$container" -- "${test[@]}"
    else
        logged "$with" exec --env "IVR_HEALTH=http://127.0.0.1:$web/healthz" "ivr-$1-$$" "${test[@]}"
    fi || fail "the image's health check does not find it healthy"
}
inner() { # PROCESS ID of what start started: that of the program itself
    local pid=$1 child
    while grep -qaE '^(unshare|buildah)' "/proc/$pid/cmdline" 2>/dev/null; do
        child=$(pgrep -P "$pid" | head -n 1) || return 0
        pid=$child
    done
    printf '%s\n' "$pid"
}
end() { # NAME, PROCESS ID: as an administrator would; it must end by itself, and well
    local pid status=0 each left=() deadline=$((SECONDS + 20))
    if [ "$with" = buildah ]; then
        pid=$(inner "$2")
        [ -n "$pid" ] || fail "the $1 has ended too early"
        kill -TERM "$pid"
    else
        "$with" kill --signal TERM "ivr-$1-$$" >/dev/null
    fi
    while kill -0 "$2" 2>/dev/null; do
        [ $SECONDS -lt $deadline ] || fail "the $1 did not end within 20 s of SIGTERM"
        sleep 0.1
    done
    wait "$2" || status=$?
    for each in "${running[@]}"; do
        [ "$each" = "$2" ] || [ "$each" = "ivr-$1-$$" ] || left+=("$each")
    done
    running=("${left[@]}")
    [ "$status" -eq 0 ] || fail "the $1 ended with status $status on SIGTERM"
}
last_words() { # NAME
    tail -n 12 "$scratch/$1.out" "$scratch"/asterisk/log/full.log 2>/dev/null | sed 's/^/        /' >&2 || true
}
http_status() { # URL, USER AND PASSWORD FILE (the password is never an argument)
    .venv/bin/python - "$@" <<'PYTHON'
import base64, pathlib, sys, urllib.error, urllib.request
request = urllib.request.Request(sys.argv[1])
if len(sys.argv) > 2:
    user, file = sys.argv[2:]
    login = f"{user}:{pathlib.Path(file).read_text().strip()}"
    request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
try:
    print(urllib.request.urlopen(request, timeout=3).status)
except urllib.error.HTTPError as error:
    print(error.code)
except OSError:
    print("no answer")
PYTHON
}
until_status() { # WANTED, SECONDS, URL...: wait for it; the last status seen is in `seen`
    local wanted=$1 deadline=$((SECONDS + $2))
    shift 2
    while seen=$(http_status "$@"); [ "$seen" != "$wanted" ]; do
        [ $SECONDS -lt $deadline ] || return 1
        kill -0 "$started" 2>/dev/null || { seen='nothing: it has ended'; return 1; }
        sleep 0.2
    done
}

# --- 6. Asterisk starts --------------------------------------------------------------------------------------------

reserve_ports() { # a block nobody else on this machine takes, given back when the coprocess ends
    coproc PORTS { exec .venv/bin/python -c '
import sys
from ivr_engine.stand.ports import reserved_ports
with reserved_ports() as ports:
    rtp = ports.several(20)
    print(*(ports.one() for _ in range(4)), rtp.start, rtp.stop - 1, flush=True)
    sys.stdin.read()'; }
    ports_pid=$PORTS_PID
    read -r sip ari web mqtt rtp_first rtp_last <&"${PORTS[0]}" || fail 'no free ports'
}
write_settings() { # those a new deployment begins with; only ports and addresses differ
    local recipient
    mkdir -p "$scratch"/{etc/secrets,asterisk,vault,state,keys}
    chown -R "$IVR_UID:$IVR_UID" "$scratch" "$spool"
    chmod 700 "$scratch" "$spool"
    once "$ENGINE" read-only-settings keys init /keys || fail 'the engine image cannot run ivr keys init'
    recipient=$(sed -n 's/^# recipient.*: //p' "$scratch/keys/recording-identity.txt")
    openssl rand -hex 24 >"$scratch/etc/secrets/ari"
    openssl rand -hex 24 >"$scratch/etc/secrets/web"
    openssl rand -hex 24 >"$scratch/wrong"
    sed -E -e "s/recipients: \[\]/recipients: [$recipient]/" -e "s/127\.0\.0\.1:8088/127.0.0.1:$ari/" \
        -e "s/port: 9464/port: $web/" -e "s/port: 1883/port: $mqtt/" -e 's/172\.30\.86\.[12]/127.0.0.1/' \
        -e "s/port: 5060/port: $sip/" -e "s/first: 10000, last: 10999/first: $rtp_first, last: $rtp_last/" \
        docker/ivr.yaml >"$scratch/etc/ivr.yaml"
    chown -R "$IVR_UID:$IVR_UID" "$scratch/etc"
    chmod 600 "$scratch"/etc/secrets/*
}
asterisk_starts() {
    local status
    begin 'Asterisk starts' "look at the lines above and at $LOG"
    compgen -G 'prompts/*/*.alaw' >/dev/null || { remedy='run make setup'; fail 'no prompts are built'; }
    scratch=$(mktemp -d "$PWD/$WORK/proof.XXXXXX")
    spool=$(mktemp -d /dev/shm/ivr-images.XXXXXX)
    reserve_ports
    write_settings
    once "$ENGINE" writable-settings provision --settings /etc/ivr/ivr.yaml --modules /usr/lib/asterisk/modules \
        --data /usr/share/asterisk || fail 'ivr provision could not render its configuration'
    start asterisk "$ASTERISK" -f -C /var/lib/ivr/asterisk/etc/asterisk.conf
    asterisk_pid=$started
    until_status 200 30 "http://127.0.0.1:$ari/ari/asterisk/ping" ivr "$scratch/etc/secrets/ari" || {
        last_words asterisk
        fail "an ARI ping with the right password got $seen"
    }
    status=$(http_status "http://127.0.0.1:$ari/ari/asterisk/ping" ivr "$scratch/wrong")
    [ "$status" = 401 ] || fail "an ARI ping with a wrong password got $status, not 401"
    healthy asterisk "$ASTERISK"
    took "healthy; ping 200 with the password, 401 with a wrong one;"
}

# --- 7. The engine starts --------------------------------------------------------------------------------------------

engine_starts() {
    local engine_pid
    begin 'Engine starts' "look at the lines above and at $LOG"
    once "$ENGINE" read-only-settings --help || fail 'ivr --help does not work in the image'
    start engine "$ENGINE" serve --settings /etc/ivr/ivr.yaml
    engine_pid=$started
    until_status 200 30 "http://127.0.0.1:$web/readyz" || {
        last_words engine
        fail "/readyz got $seen"
    }
    until_status 200 3 "http://127.0.0.1:$web/metrics" || fail "/metrics got $seen"
    healthy engine "$ENGINE"
    end engine "$engine_pid"
    end asterisk "$asterisk_pid"
    took 'healthy; readyz 200 against that Asterisk; both ended by SIGTERM;'
}

if [ "$(id -u)" -ne 0 ]; then
    echo "images: only root can start them as their own user ($IVR_UID) and without an engine build them; run: sudo make images" >&2
    exit 1
fi
mkdir -p "$WORK/nothing" # the context of an image that copies nothing
exec 9>"$WORK/build.lock"
flock -n 9 || { echo 'another build runs here; waiting for it'; flock 9; }
: >"$LOG"
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
builder
bases
wheels
image "$ASTERISK" docker/asterisk.Dockerfile "$WORK/nothing"
image "$ENGINE" docker/engine.Dockerfile "$WORK/engine"
asterisk_starts
engine_starts
