"""Decides what Asterisk's own API description says, as plain facts; it does not know how Python is written.

Asterisk ships one swagger 1.x file per resource. Only what a client needs is kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class SwaggerError(Exception):
    """The description is missing, or says something this reader does not understand."""


@dataclass(frozen=True)
class Field:
    """One property of a model."""

    name: str
    type: str
    required: bool
    description: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """One JSON object; ``parent`` is set for everything that travels on the event socket."""

    name: str
    parent: str | None
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Parameter:
    """One path part, query parameter or body of an operation."""

    name: str
    place: str
    type: str
    required: bool
    many: bool
    default: object
    description: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """One HTTP command."""

    name: str
    method: str
    path: str
    summary: str
    notes: str
    returns: str
    parameters: tuple[Parameter, ...]
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Resource:
    """One swagger file: its operations, in the order Asterisk lists them."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Api:
    """Everything read from one directory. ``since`` says which Asterisk releases brought the newest operation."""

    version: str
    since: str
    resources: tuple[Resource, ...]
    models: tuple[Model, ...]

    def subtypes(self, name: str) -> list[Model]:
        """Give every model below ``name`` in the event tree that has no model below itself."""
        below = [model for model in self.models if model.parent == name]
        leaves: list[Model] = []
        for model in below:
            leaves += self.subtypes(model.name) or [model]
        return leaves


def read(directory: Path) -> Api:
    """Read every resource named by ``resources.json``.

    Raises:
        SwaggerError: the directory holds no such file, or one cannot be understood.
    """
    try:
        index = _load(directory / "resources.json")
        names = sorted(Path(entry["path"]).name.removesuffix(".{format}") for entry in index["apis"])
        documents = {name: _load(directory / f"{name}.json") for name in names}
        models = [model for document in documents.values() for model in _models(document)]
        return Api(
            version=index["apiVersion"],
            since=_newest(documents),
            resources=tuple(Resource(name, _operations(document)) for name, document in documents.items()),
            models=tuple(sorted(models, key=lambda model: model.name)),
        )
    except KeyError as error:
        raise SwaggerError(f"{directory}: the description lacks {error}") from error


def _load(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SwaggerError(f"{path}: {error}") from error
    if not isinstance(document, dict):
        raise SwaggerError(f"{path}: not a JSON object")
    return document


def _models(document: dict[str, Any]) -> list[Model]:
    raw: dict[str, Any] = document.get("models", {})
    parents = {child: name for name, model in raw.items() for child in model.get("subTypes", ())}
    return [
        Model(
            name=name,
            parent=parents.get(name),
            description=model.get("description", ""),
            fields=tuple(
                Field(
                    name=field,
                    type=spec["type"],
                    required=bool(spec.get("required")),
                    description=spec.get("description", ""),
                    values=_values(spec),
                )
                for field, spec in model["properties"].items()
            ),
        )
        for name, model in raw.items()
    ]


def _operations(document: dict[str, Any]) -> tuple[Operation, ...]:
    return tuple(
        Operation(
            name=raw["nickname"],
            method=raw["httpMethod"],
            path=api["path"],
            summary=raw.get("summary", ""),
            notes=raw.get("notes", ""),
            returns=raw["responseClass"],
            parameters=tuple(_parameter(parameter) for parameter in raw.get("parameters", ())),
            errors=tuple((str(error["code"]), error["reason"]) for error in raw.get("errorResponses", ())),
        )
        for api in document["apis"]
        for raw in api["operations"]
        # The event socket is no request with an answer; stream.py speaks it.
        if raw.get("upgrade") != "websocket"
    )


def _parameter(raw: dict[str, Any]) -> Parameter:
    return Parameter(
        name=raw["name"],
        place=raw["paramType"],
        type=raw["dataType"],
        # A path part cannot be left out, whatever a file forgets to say.
        required=bool(raw.get("required")) or raw["paramType"] == "path",
        many=bool(raw.get("allowMultiple")),
        default=raw.get("defaultValue"),
        # Asterisk misspells the key of two parameters.
        description=raw.get("description", raw.get("descriptioni", "")),
        values=_values(raw),
    )


def _values(raw: dict[str, Any]) -> tuple[str, ...]:
    allowed = raw.get("allowableValues", {})
    return tuple(allowed["values"]) if allowed.get("valueType") == "LIST" else ()


def _newest(documents: dict[str, dict[str, Any]]) -> str:
    """Give the newest operation's releases; an operation names one release for each maintained branch."""
    releases = [
        operation["since"]
        for document in documents.values()
        for api in document["apis"]
        for operation in api["operations"]
        if operation.get("since")
    ]
    newest = max(releases, key=lambda names: [int(part) for part in names[-1].split(".")], default=["unknown"])
    return " / ".join(newest)
