"""This file decides whether crisis profiles can be told apart by name. It does not know what callers hear in them."""

from collections.abc import Iterable

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.hotline import NORMAL
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.source import Scalar, Table, Value


def check_profiles(files: Iterable[tuple[Value | None, Reader]]) -> None:
    """Tell of profiles nobody could switch on, as their name means something else."""
    seen: dict[str, str] = {NORMAL: "the flow of ordinary days"}
    for table, reader in files:
        name = table.get("crisis") if isinstance(table, Table) else None
        if not isinstance(name, Scalar):
            continue
        if name.text in seen:
            message = f"the profile name {quote(name.text)} is taken by {seen[name.text]}"
            reader.refuse(name.mark, "E309", message, "give this profile another name")
        seen.setdefault(name.text, name.mark.source.name)
