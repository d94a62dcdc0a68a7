"""This file decides how places and secrets are written in `ivr.yaml`. It does not know which settings there are.

Paths are relative to the file. Secrets stand in files of their own; an environment variable wins over its file.
"""

import ssl
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Pattern, Whole
from ivr_engine.dialplan.source import Mark, Scalar, Sequence, Value
from ivr_engine.errors import StartError
from ivr_engine.recording.keys import load_recipients

KEYS_INIT = "run `ivr keys init` and add what it prints: `recipients: [age1…]`"

Port = Annotated[int, Whole(1, 65535)]
Url = Annotated[str, Pattern(r"https?://[^\s@]+", "a web address without a user in it", "http://127.0.0.1:8088", True)]


@dataclass
class SettingsReader(Reader):
    """Reads settings: `folder` is that of their file, `environ` where secrets may stand instead."""

    folder: Path = Path()
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place(Kind):
    """A file or folder; `default` is what stands for one that nobody named."""

    default: str = ""
    expected: ClassVar[str] = "a path"
    example: ClassVar[str] = "some/where"

    def read(self, value: Value, reader: Reader) -> Path:
        """The path, relative to the settings file."""
        assert isinstance(reader, SettingsReader)
        text = self.scalar(value, reader)
        if not text or "\0" in text:
            raise self.wrong(value, reader)
        return reader.folder / Path(text).expanduser()

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> Any:
        """The default, relative to the settings file too."""
        assert isinstance(reader, SettingsReader)
        return reader.folder / self.default if self.default else default


@dataclass(frozen=True)
class Secret(Kind):
    """The content of a file, or of an environment variable."""

    variable: str  # `{}` is what the group it belongs to is called
    expected: ClassVar[str] = "a path"
    example: ClassVar[str] = "secrets/…"

    def read(self, value: Value, reader: Reader) -> str:
        """The secret. Neither it nor a part of it is ever told."""
        assert isinstance(reader, SettingsReader)
        variable = self._variable(reader)
        if variable in reader.environ:
            return self._filled(reader.environ[variable], f"${variable}", value.mark, reader)
        path = Place().read(value, reader)
        try:
            content = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not UTF-8"
            message = f"the secret {path} cannot be read: {why.lower()}"
            raise reader.refuse(value.mark, "E401", message, f"create it, or set {variable}") from error
        return self._filled(content, str(path), value.mark, reader)

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> Any:
        """From the environment, if it is there."""
        assert isinstance(reader, SettingsReader)
        variable = self._variable(reader)
        if variable in reader.environ:
            return self._filled(reader.environ[variable], f"${variable}", mark, reader)
        if default is MISSING:
            remedy = f"name the file that holds it, or set {variable}"
            raise reader.refuse(mark, "E401", f"{reader.where} has no secret", remedy)
        return default

    def _variable(self, reader: Reader) -> str:
        return self.variable.format(*(key.upper().replace("-", "_") for key in reader.path[-2:-1]))

    def _filled(self, content: str, where: str, mark: Mark, reader: Reader) -> str:
        if secret := content.strip():
            return secret
        raise reader.refuse(
            mark, "E401", f"the secret {where} is empty", f"write it there, or set {self._variable(reader)}"
        )


@dataclass(frozen=True)
class DatabaseUrl(Kind):
    """SQLAlchemy's address of a database; that of an SQLite file is relative to the settings file."""

    default: ClassVar[str] = "sqlite:///calls.db"
    expected: ClassVar[str] = "a database address"
    example: ClassVar[str] = default

    def read(self, value: Value, reader: Reader) -> str:
        """The address."""
        text = self.scalar(value, reader)
        if "://" not in text:
            raise self.wrong(Scalar(value.mark, "something else"), reader)  # it may hold a password
        return self._placed(text, reader)

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> str:
        """A file beside the settings."""
        del default, mark
        return self._placed(self.default, reader)

    def _placed(self, text: str, reader: Reader) -> str:
        assert isinstance(reader, SettingsReader)
        scheme, slashes, path = text.partition(":///")
        if not scheme.startswith("sqlite") or not slashes or not path or path == ":memory:":
            return text
        return f"{scheme}:///{(reader.folder / path).absolute()}"


@dataclass(frozen=True)
class Recipients(Kind):
    """Public keys that recordings are sealed for."""

    expected: ClassVar[str] = "a list of public keys"
    example: ClassVar[str] = "[age1…]"

    def read(self, value: Value, reader: Reader) -> tuple[str, ...]:
        """The keys. What is no public key may be a private one, so it is not told."""
        items = value.items if isinstance(value, Sequence) else (value,)
        written = [item.text for item in items if isinstance(item, Scalar) and item.value is not None]
        if not written:
            raise reader.refuse(value.mark, "E202", f"{reader.where} names no public key", KEYS_INIT)
        try:
            return load_recipients(written)
        except StartError as error:
            message, _, remedy = str(error).partition(": ")
            raise reader.refuse(value.mark, "E402", message, remedy) from error


Location = Annotated[Path, Place()]


def authorities(file: Path | None) -> ssl.SSLContext | None:
    """Who vouches for others, read from such a file; None: those the machine knows. Raises StartError."""
    if file is None:
        return None
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise StartError(f"the certificates in {file} cannot be read ({error}): put them there in PEM") from None
