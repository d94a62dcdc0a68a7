"""This file turns a site's facts into the files Asterisk loads. It knows no call and no running Asterisk.

<directory>/etc/*.conf       rendered from asterisk-config/, secrets inside, so 0600 in 0700
<directory>/{run,lib,log,spool,music}   where that Asterisk keeps its own things; spool/recording leads to memory
"""

import hashlib
import os
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from ivr_engine.errors import SettingsError
from ivr_engine.provision.music import write_music
from ivr_engine.provision.noted import note
from ivr_engine.provision.sites import HotlineSite, Site, validate

TEMPLATES = Path(__file__).resolve().parents[2] / "asterisk-config"
_SUFFIX = ".conf.j2"


def render(site: Site, out: Path, *, templates: Path = TEMPLATES) -> None:
    """Write every conf file of `site` into `out`; what an earlier rendering left there is removed."""
    validate(site)
    kind = "hotline" if isinstance(site, HotlineSite) else "remote"
    texts = _texts(site, [templates / "common", templates / kind])
    private_dir(out)
    for name, text in texts.items():
        _write_private(out / name, text)
    for stale in set(out.glob("*.conf")) - {out / name for name in texts}:
        stale.unlink()


def prepare(site: Site, *, templates: Path = TEMPLATES) -> Path:
    """Make the site's directories, music and conf files; answer the path of its asterisk.conf."""
    validate(site)
    private_dir(site.directory)
    for part in ("run", "lib", "lib/keys", "log", "log/cdr-csv", "spool", "music"):
        private_dir(site.directory / part)
    if isinstance(site, HotlineSite):
        private_dir(site.recording_dir)
        _lead(message_folder(site.directory), site.recording_dir)
    write_music(site.directory / "music" / "soft.wav")
    render(site, site.directory / "etc", templates=templates)
    if isinstance(site, HotlineSite):
        note(site)
    return site.directory / "etc" / "asterisk.conf"


def message_folder(site: Path) -> Path:
    """Where Asterisk writes what it records by itself; it cannot be told another place."""
    return site / "spool" / "recording"


def _lead(link: Path, folder: Path) -> None:
    """What Asterisk itself records, callers' messages, is born where all recordings are: never on a disk."""
    try:
        if link.is_dir() and not link.is_symlink():
            link.rmdir()
        link.unlink(missing_ok=True)
        link.symlink_to(folder)
    except OSError as error:
        raise SettingsError(f"{link} must lead to {folder} ({error.strerror}): move it away") from error


def private_dir(path: Path) -> None:
    """Make a directory only its owner may enter; one that exists is closed to others too."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def _texts(site: Site, folders: list[Path]) -> dict[str, str]:
    """All files as text before the first is written: a broken template must not leave half a configuration."""
    # Conf files are not HTML: values are made safe by sites.validate, not by escaping.
    jinja = Environment(
        loader=FileSystemLoader(folders[::-1]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )
    names = {path.name for folder in folders for path in folder.glob(f"*{_SUFFIX}")}
    if not names:
        raise SettingsError(f"no templates in {folders[-1]}; the checkout is incomplete")
    try:
        return {
            name.removesuffix(".j2"): jinja.get_template(name).render(site=site, entityid=_entity_id(site.name))
            for name in sorted(names)
        }
    except TemplateError as error:
        raise SettingsError(f"asterisk-config: {error}") from error


def _entity_id(name: str) -> str:
    """A made-up network address, the same at every start; 02 marks it as made up."""
    return ":".join(["02", *(f"{byte:02x}" for byte in hashlib.sha256(name.encode()).digest()[:5])])


def _write_private(path: Path, text: str) -> None:
    """Written beside and renamed: a running Asterisk that reloads never reads half a file."""
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
    unfinished.replace(path)
