# The engine. Built by docker/build.sh, which puts into the context what this needs:
#   wheels/             every locked package and our own, fetched by hash on the host: no package index is asked here
#   requirements.txt    the locks of docker/requirements.txt
#   uv                  the installer, itself from the lock; it stays behind in the first stage
#   asterisk-config/    the templates `ivr provision` renders
# BASE is anything Debian with Python 3.11 (bookworm); build.sh makes one with mmdebstrap where no registry is reached.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS base
# openssl makes the hash of ARI's password; tzdata is for opening hours; nothing else is needed to run.
RUN set -eu; \
    if ! command -v python3 >/dev/null || ! command -v openssl >/dev/null || ! [ -d /usr/share/zoneinfo ]; then \
        apt-get update; \
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends openssl python3-minimal \
            libpython3-stdlib tzdata; \
        rm -rf /var/lib/apt/lists/*; \
    fi; \
    python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo 'the wheels are for 3.11' >&2; exit 1; }

FROM base AS install
COPY uv requirements.txt /build/
COPY wheels /build/wheels
RUN set -eu; \
    python3 -m venv --without-pip /opt/ivr; \
    install() { /build/uv pip install --quiet --offline --no-index --no-deps --no-cache --compile-bytecode \
        --python /opt/ivr/bin/python --find-links /build/wheels "$@"; }; \
    install --require-hashes -r /build/requirements.txt; \
    install ivr-engine; \
    /opt/ivr/bin/ivr --version
# Where the package looks for them: beside itself, as in a checkout.
COPY asterisk-config /opt/ivr/lib/python3.11/site-packages/asterisk-config

FROM base
# The same number as in Asterisk's image: the two share the recording spool, which nobody else may read.
RUN set -eu; \
    groupadd --gid 10001 ivr; \
    useradd --uid 10001 --gid ivr --no-create-home --home-dir /var/lib/ivr --shell /usr/sbin/nologin ivr; \
    install -d -o ivr -g ivr -m 700 /var/lib/ivr /var/lib/ivr/asterisk /var/lib/ivr/state /var/lib/ivr/vault \
        /run/ivr /run/ivr/spool; \
    rm -rf /var/log/* /var/cache/apt/*; \
    # Nobody in here ever becomes another user.
    find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY --from=install /opt/ivr /opt/ivr
ENV PATH=/opt/ivr/bin:$PATH PYTHONUNBUFFERED=1 IVR_SETTINGS=/etc/ivr/ivr.yaml \
    IVR_HEALTH=http://127.0.0.1:9464/healthz

USER ivr
STOPSIGNAL SIGTERM
# Alive, not ready: an engine that has lost Asterisk finds it again by itself, and must not be restarted for it.
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request; urllib.request.urlopen(os.environ['IVR_HEALTH'], timeout=3)"]
ENTRYPOINT ["ivr"]
CMD ["serve", "--settings", "/etc/ivr/ivr.yaml"]
