"""Decides how Asterisk's description reads as Python; it opens no file and knows no Asterisk at work.

The text is laid out as the formatter would lay it out (one element a line, a comma after each), so that a
newer formatter never makes the committed files look stale.
"""

from __future__ import annotations

import json
import keyword
import re
import textwrap
from collections.abc import Iterable, Iterator

from .swagger import Api, Field, Model, Operation, Parameter, SwaggerError

_WIDTH = 100
_SCALARS = {
    "string": "str",
    "Date": "str",
    "boolean": "bool",
    "int": "int",
    "long": "int",
    "double": "float",
    "object": "dict[str, Any]",
}
_BODIES = {"fields": "Sequence[Mapping[str, str]]"}

_OPERATIONS_IMPORTS = """\
import builtins
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec.json import Decoder

from . import models
from .request import Command, Request, nothing, part"""


def models(api: Api) -> str:
    """Give the text of ``models.py``."""
    plain = [m for m in api.models if not _is_message(m, api)]
    leaves = api.subtypes("Message")
    roots = [m for m in api.models if _is_message(m, api) and m not in leaves]
    roots.sort(key=lambda m: m.parent is not None)
    parts = [
        _header(api, "what Asterisk's objects and events look like", ""),
        "from typing import Any, TypeAlias\n\nimport msgspec",
        *(_struct(m, "msgspec.Struct, frozen=True, kw_only=True") for m in plain),
        *(_struct(m, _bases(m, leaf=False)) for m in roots),
        *(_struct(m, _bases(m, leaf=True)) for m in sorted(leaves, key=lambda m: m.name)),
        "#: Everything the event socket can carry, told apart by ``type``.\n"
        "AnyMessage: TypeAlias = (\n    " + "\n    | ".join(sorted(m.name for m in leaves)) + "\n)",
    ]
    return _join(parts)


def operations(api: Api) -> str:
    """Give the text of ``operations.py``."""
    literals = _Literals()
    classes = [_resource(r.name, r.operations, literals) for r in api.resources]
    ignores = "# ruff: noqa: A002, ASYNC109, PLR0913 -- names and numbers of parameters are Asterisk's, not ours\n"
    attributes = "\n".join(f"        self.{_snake(r.name)} = {_pascal(r.name)}(request)" for r in api.resources)
    decoders = "\n".join(f"{_decoder(name)} = Decoder({_type(name, 'models.')}).decode" for name in _returned(api))
    parts = [
        _header(api, "how each command of Asterisk is spelt on the wire", ignores),
        _OPERATIONS_IMPORTS,
        literals.text() + "\n\n" + decoders,
        *classes,
        'class Operations:\n    """Every resource of Asterisk, one attribute each."""\n\n'
        "    def __init__(self, request: Request) -> None:\n" + attributes,
    ]
    return _join(parts)


def _header(api: Api, decides: str, ignores: str) -> str:
    return (
        f"{ignores}"
        f'"""Decides {decides}; it knows no connection. GENERATED: do not edit.\n\n'
        "Written by ``python -m ivr_engine.ari.generate`` from the swagger files that Asterisk ships:\n"
        f"ARI {api.version}, whose newest operation came with Asterisk {api.since}.\n"
        '"""\n\nfrom __future__ import annotations'
    )


def _join(parts: Iterable[str]) -> str:
    """Two empty lines before and after a class, one elsewhere."""
    text = ""
    previous = ""
    for part in parts:
        gap = "\n\n\n" if "class " in (part[:6], previous[:6]) else "\n\n"
        text += (gap if text else "") + part
        previous = part
    return text + "\n"


# ---------------------------------------------------------------- models


def _is_message(model: Model, api: Api) -> bool:
    return model.name == "Message" or model in api.subtypes("Message") or model.parent == "Message"


def _bases(model: Model, *, leaf: bool) -> str:
    base = model.parent or "msgspec.Struct"
    tag = "" if model.parent else ', tag_field="type"'
    return f"{base}, frozen=True, kw_only=True{tag}{', tag=True' if leaf else ''}"


def _struct(model: Model, bases: str) -> str:
    lines = [f"class {model.name}({bases}):", *_docstring(model.description or model.name, 4)]
    for field in model.fields:
        # The tag says it; msgspec does not allow a field of the same name.
        if field.name == "type" and model.name == "Message":
            continue
        lines += ["", *_field(field)]
    return "\n".join(lines)


def _field(field: Field) -> Iterator[str]:
    name = _identifier(field.name)
    kind = _type(field.type) + ("" if field.required else " | None")
    options = [f'name="{field.name}"'] if name != field.name else []
    if options and not field.required:
        options.insert(0, "default=None")
    value = f" = msgspec.field({', '.join(options)})" if options else ("" if field.required else " = None")
    yield f"    {name}: {kind}{value}"
    description = [field.description] if field.description else []
    if field.values:
        # Documented, not enforced: a value a newer Asterisk adds must not cost the whole event.
        description.append("One of: " + ", ".join(field.values) + ".")
    if description:
        yield from _docstring(" ".join(description), 4)


# ---------------------------------------------------------------- operations


class _Literals:
    """Names for closed lists of values; the same list under the same parameter name is named once."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, tuple[str, ...]], str] = {}

    def name(self, operation: Operation, parameter: Parameter) -> str:
        key = (parameter.name, parameter.values)
        if key not in self._names:
            name = _pascal(operation.name) + _pascal(parameter.name)
            if name in self._names.values():
                raise SwaggerError(f"two different lists of values would be named {name}")
            self._names[key] = name
        return self._names[key]

    def text(self) -> str:
        return "\n".join(
            f"{name}: TypeAlias = Literal[{_elements(values)}]" for (_, values), name in self._names.items()
        )


def _elements(values: tuple[str, ...]) -> str:
    if len(values) == 1:
        return json.dumps(values[0])
    return "\n" + "".join(f"    {json.dumps(value)},\n" for value in values)


def _resource(name: str, operations: tuple[Operation, ...], literals: _Literals) -> str:
    lines = [f"class {_pascal(name)}:", f'    """The commands below ``/{name}``."""', ""]
    lines += ["    def __init__(self, request: Request) -> None:", "        self._request = request"]
    for operation in operations:
        lines += ["", *_method(name, operation, literals)]
    return "\n".join(lines)


def _method(resource: str, operation: Operation, literals: _Literals) -> Iterator[str]:
    in_path = [p for p in operation.parameters if p.place == "path"]
    named = [p for p in operation.parameters if p.place != "path"]
    named.sort(key=lambda p: not p.required)
    returns = "None" if operation.returns == "void" else _type(operation.returns, "models.")
    if operation.parameters:
        yield f"    async def {_snake(operation.name)}("
        yield "        self,"
        yield from (f"        {_argument(p)}: str," for p in in_path)
        if named:
            yield "        *,"
            yield from (f"        {_argument(p)}: {_parameter_type(operation, p, literals)}," for p in named)
        yield f"    ) -> {returns}:"
    else:
        yield f"    async def {_snake(operation.name)}(self) -> {returns}:"
    yield from _docstring(_explanation(operation, [*in_path, *named]), 8)
    yield "        command = Command("
    yield f'            "{resource}.{_snake(operation.name)}",'
    yield f'            "{operation.method}",'
    path = re.sub(r"{(\w+)}", lambda m: f"{{part({_snake(m[1])})}}", operation.path)
    yield f'            {"f" if in_path else ""}"{path}",'
    queries = [p for p in named if p.place == "query"]
    if queries:
        yield "            query={"
        yield from (f'                "{p.name}": {_argument(p)},' for p in queries)
        yield "            },"
    yield from (f"            body={_body(p)}," for p in named if p.place == "body")
    yield "        )"
    yield f"        return await self._request(command, {_decoder(operation.returns)})"


def _body(parameter: Parameter) -> str:
    name = _argument(parameter)
    if parameter.type == "object":
        return name
    wrapped = f'{{"{parameter.name}": {name}}}'
    return wrapped if parameter.required else f"None if {name} is None else {wrapped}"


def _parameter_type(operation: Operation, parameter: Parameter, literals: _Literals) -> str:
    if parameter.place == "body":
        kind = _BODIES.get(parameter.name, "Mapping[str, object]")
    else:
        kind = literals.name(operation, parameter) if parameter.values else _SCALARS[parameter.type]
        if parameter.many:
            kind = f"{kind} | Sequence[{kind}]"
    return kind if parameter.required else f"{kind} | None = None"


def _explanation(operation: Operation, parameters: list[Parameter]) -> str:
    paragraphs = [operation.summary or operation.name]
    if operation.notes:
        paragraphs.append(operation.notes)
    if parameters:
        paragraphs.append("Args:\n" + "\n".join(f"    {_argument(p)}: {_told(p)}" for p in parameters))
    if operation.errors:
        paragraphs.append("Refused with:\n" + "\n".join(f"    {code}: {reason}" for code, reason in operation.errors))
    return "\n\n".join(paragraphs)


def _told(parameter: Parameter) -> str:
    text = parameter.description or "(not described by Asterisk)"
    return text if parameter.default is None else f"{text} Asterisk's default: {parameter.default}."


# ---------------------------------------------------------------- words


def _type(name: str, prefix: str = "") -> str:
    if name == "binary":
        return "bytes"
    if inner := re.fullmatch(r"List\[(\w+)\]", name):
        # Some resources have a command named "list", which hides the builtin inside their class.
        return f"{'builtins.' if prefix else ''}list[{_type(inner[1], prefix)}]"
    return _SCALARS.get(name) or prefix + name


def _decoder(name: str) -> str:
    if name in {"void", "binary"}:
        return {"void": "nothing", "binary": "bytes"}[name]
    return "_" + _snake(re.sub(r"List\[(\w+)\]", r"\1List", name)).upper()


def _returned(api: Api) -> list[str]:
    names = {operation.returns for resource in api.resources for operation in resource.operations}
    return sorted(names - {"void", "binary"}, key=_decoder)


def _argument(parameter: Parameter) -> str:
    return _identifier(_snake(parameter.name))


def _identifier(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _docstring(text: str, indent: int) -> Iterator[str]:
    pad = " " * indent
    text = re.sub(r"(<br */?>)+", "\n", text).replace("\\", "\\\\").replace('"""', "'''").strip()
    lines: list[str] = []
    for line in text.splitlines():
        hang = "    " * (2 if line.startswith("    ") else 0)
        lines += textwrap.wrap(
            " ".join(line.split()) if not line.startswith("    ") else line,
            _WIDTH - indent,
            subsequent_indent=hang,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    if len(lines) == 1 and not lines[0].endswith('"'):
        yield f'{pad}"""{lines[0]}"""'
        return
    yield f'{pad}"""{lines[0]}'
    yield from (f"{pad}{line}".rstrip() for line in lines[1:])
    yield f'{pad}"""'
