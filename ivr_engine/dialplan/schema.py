"""This file decides how a file's form becomes a JSON Schema, for editors. It does not know any kind of value or word.

Each kind of value describes itself. A schema sees one file and no meaning: whether a name is declared, a language
spoken, a loop left, is for `ivr check` alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"  # the newest that every editor's YAML support knows

# What an author typed, whatever it is to YAML; not `true` and `false`, which an editor would then propose everywhere.
WORDS: Final[Schema] = {"type": ["string", "number"], "pattern": "\\S"}


def _no_remarks(_: type[Any]) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Terms:
    """Groups described so far, each under a name of its own, as they may stand inside one another."""

    words: Mapping[str, type[Any]]
    remarks: Callable[[type[Any]], Mapping[str, str]] = _no_remarks  # of a group: by its fields, for the editor to show
    defined: dict[str, Schema] = field(default_factory=dict)
    owners: dict[str, type[Any]] = field(default_factory=dict)

    def name_of(self, group: type[Any]) -> str:
        """The name under which a group is described: its word, where it has one."""
        name = next((word for word, node in self.words.items() if node is group), group.__name__)
        if self.owners.setdefault(name, group) is not group:
            raise TypeError(f"two groups are called {name}")  # a bug of ours, not of a file
        return name

    def define(self, name: str, describe: Callable[[], Schema]) -> Schema:
        """A reference to the description of that name, which is made when it is wanted first."""
        if name not in self.defined:
            self.defined[name] = {}  # a step may hold steps
            self.defined[name] = describe()
        return {"$ref": f"#/definitions/{name}"}

    def document(self, title: str, form: type[Any]) -> Schema:
        """The schema of a whole file, once its form is described: beside a reference at the top nothing would count."""
        own = self.name_of(form)
        inner = {name: self.defined[name] for name in sorted(self.defined) if name != own}
        return {"$schema": DRAFT, "title": title, **self.defined[own], "definitions": inner}
