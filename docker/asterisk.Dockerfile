# Asterisk for the hotline. It carries no configuration: `ivr provision` renders that into a volume.
# Built by docker/build.sh. BASE is anything Debian forky or later; where no registry can be reached, build.sh makes one
# with mmdebstrap that has the packages already, and then nothing below needs a network.
ARG BASE=debian:forky-slim
FROM ${BASE}

# 22.10.1 is the floor of setup.sh: older ones deadlock under load and know no StasisBroadcast.
RUN set -eu; \
    if ! [ -x /usr/sbin/asterisk ]; then \
        apt-get update; \
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends asterisk; \
        rm -rf /var/lib/apt/lists/*; \
    fi; \
    version=$(asterisk -V | sed -nE 's/^Asterisk ([0-9.]+).*/\1/p'); \
    dpkg --compare-versions "$version" ge 22.10.1 || { echo "Asterisk $version is older than 22.10.1" >&2; exit 1; }; \
    # One name for the modules on every processor, so that provisioning need not know which one this is.
    mkdir -p /usr/lib/asterisk; \
    ln -sfn /usr/lib/*-linux-gnu*/asterisk/modules /usr/lib/asterisk/modules; \
    [ -e /usr/lib/asterisk/modules/chan_pjsip.so ] && [ -d /usr/share/asterisk/documentation ]; \
    # The sample configuration would only be started by mistake.
    rm -rf /etc/asterisk /var/log/* /var/cache/apt/*; \
    # Nobody in here ever becomes another user.
    find / -xdev -type f -perm /6000 -exec chmod a-s {} +

# The same number as in the engine's image: the two share the recording spool, which nobody else may read.
RUN set -eu; \
    groupadd --gid 10001 ivr; \
    useradd --uid 10001 --gid ivr --no-create-home --home-dir /var/lib/ivr --shell /usr/sbin/nologin ivr; \
    install -d -o ivr -g ivr -m 700 /var/lib/ivr /var/lib/ivr/asterisk /run/ivr /run/ivr/spool

USER ivr
STOPSIGNAL SIGTERM
# Booted and answering on its console: what a caller needs. ARI is the engine's to look at.
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=3 \
    CMD timeout 3 asterisk -C /var/lib/ivr/asterisk/etc/asterisk.conf -rx 'core waitfullybooted' | grep -q 'fully booted'
ENTRYPOINT ["/usr/sbin/asterisk"]
CMD ["-f", "-C", "/var/lib/ivr/asterisk/etc/asterisk.conf"]
