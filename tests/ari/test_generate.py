"""The generated files are what Asterisk's own description yields, and the generator says when they are not."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from ivr_engine import ari
from ivr_engine.ari import generate, models, operations, render, swagger

from .fake import channel, event


def test_the_committed_files_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    directory = generate.default_directory()
    if not directory.is_dir():
        pytest.skip(f"no Asterisk here: {directory} does not exist")
    assert generate.main(["--check"]) == 0, capsys.readouterr().err


def small(directory: Path) -> Path:
    """Write a description that holds each peculiarity once."""
    name = {"name": "thingName", "paramType": "path", "dataType": "string"}
    operations_ = [
        {"httpMethod": "GET", "nickname": "list", "responseClass": "List[Thing]", "since": ["13.0.0", "22.1.0"]},
        {
            "httpMethod": "PUT",
            "nickname": "sendDTMF",
            "responseClass": "void",
            "summary": "Send.<br /><br />Twice.",
            "parameters": [
                {"name": "variables", "paramType": "body", "dataType": "containers"},
                {"name": "from", "paramType": "query", "dataType": "string", "required": True},
                {"name": "offsetms", "paramType": "query", "dataType": "int", "defaultValue": 3},
                {
                    "name": "howMany",
                    "paramType": "query",
                    "dataType": "string",
                    "allowMultiple": True,
                    "allowableValues": {"valueType": "LIST", "values": ["one", "two"]},
                },
                name,
            ],
            "errorResponses": [{"code": 404, "reason": "No thing."}],
        },
        {"httpMethod": "GET", "nickname": "eventSocket", "responseClass": "Message", "upgrade": "websocket"},
    ]
    thing: dict[str, Any] = {
        "description": 'A "thing"',
        "properties": {
            "async": {"type": "string"},
            "state": {
                "type": "string",
                "required": True,
                "allowableValues": {"valueType": "LIST", "values": ["a", "b"]},
            },
        },
    }
    message = {"properties": {"type": {"type": "string", "required": True}}, "subTypes": ["Moved"]}
    document = {
        "apiVersion": "2.0.0",
        "apis": [{"path": "/things/{thingName}", "operations": operations_}],
        "models": {
            "Thing": thing,
            "Message": message,
            "Moved": {"properties": {"thing": {"type": "Thing", "required": True}}},
        },
    }
    index = {"apiVersion": "10.0.0", "apis": [{"path": "/api-docs/things.{format}"}]}
    (directory / "things.json").write_text(json.dumps(document))
    (directory / "resources.json").write_text(json.dumps(index))
    return directory


def test_peculiar_names_and_closed_lists_are_spelt_in_python(tmp_path: Path) -> None:
    api = swagger.read(small(tmp_path))
    text = render.models(api)
    assert 'async_: str | None = msgspec.field(default=None, name="async")' in text
    assert "    state: str\n" in text
    assert "class Moved(Message, frozen=True, kw_only=True, tag=True):" in text
    compile(text, "models", "exec")
    commands = render.operations(api)
    compile(commands, "operations", "exec")
    assert "GENERATED" in commands
    assert "ARI 10.0.0, whose newest operation came with Asterisk 13.0.0 / 22.1.0" in commands
    assert "async def list(self) -> builtins.list[models.Thing]:" in commands
    assert 'f"/things/{part(thing_name)}"' in commands
    assert "how_many: SendDTMFHowMany | Sequence[SendDTMFHowMany] | None = None," in commands
    assert 'SendDTMFHowMany: TypeAlias = Literal[\n    "one",\n    "two",\n]' in commands
    assert 'body=None if variables is None else {"variables": variables},' in commands
    assert "event_socket" not in commands
    assert "Asterisk's default: 3." in commands
    assert "<br" not in commands


def test_check_speaks_in_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    monkeypatch.setattr(generate, "_HERE", target)
    source = ["--swagger", str(small(tmp_path))]
    assert generate.main([*source, "--check"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert list(target.iterdir()) == []
    assert generate.main(source) == 0
    assert generate.main([*source, "--check"]) == 0
    (target / "models.py").write_text("edited by hand")
    assert generate.main([*source, "--check"]) == 1
    assert "models.py" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "[]", "{", '{"apis": []}'])
def test_a_directory_it_cannot_read_is_told_from_stale_files(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "resources.json").write_text(content)
    assert generate.main(["--swagger", str(tmp_path), "--check"]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_the_chosen_root_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_ASTERISK_ROOT", str(tmp_path))
    assert generate.default_directory() == tmp_path / "usr/share/asterisk/rest-api"


def test_every_event_is_told_apart_by_its_type() -> None:
    kinds = get_args(models.AnyMessage)
    assert len(kinds) == len({kind.__struct_config__.tag for kind in kinds})
    for kind in kinds:
        assert kind.__struct_config__.tag == kind.__name__
        assert kind.__struct_config__.tag_field == "type"
        assert kind.__struct_config__.frozen


def test_a_word_python_keeps_for_itself_travels_under_its_own_name() -> None:
    text = event("TextMessageReceived", message={"from": "a", "to": "b", "body": "c", "later": 1})
    decoded = msgspec.json.decode(msgspec.json.encode(text), type=models.AnyMessage)
    assert isinstance(decoded, models.TextMessageReceived)
    assert decoded.message.from_ == "a"


def test_what_asterisk_leaves_out_is_none() -> None:
    decoded = msgspec.json.decode(msgspec.json.encode(channel("c")), type=models.Channel)
    assert decoded.channelvars is None
    assert decoded.tenantid is None


def test_every_command_of_every_resource_is_an_async_method_with_named_options() -> None:
    resources = {name: kind for name, kind in vars(operations).items() if inspect.isclass(kind)}
    expected = "Applications Asterisk Bridges Channels DeviceStates Endpoints Events Mailboxes"
    for name in [*expected.split(), "Playbacks", "Recordings", "Sounds"]:
        methods = {m: f for m, f in vars(resources[name]).items() if not m.startswith("_")}
        assert methods
        for method in methods.values():
            assert inspect.iscoroutinefunction(method)
            assert method.__doc__
            for parameter in inspect.signature(method).parameters.values():
                in_path = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
                assert in_path or parameter.kind is inspect.Parameter.KEYWORD_ONLY
                assert not in_path or parameter.default is parameter.empty


def test_the_public_names_are_these() -> None:
    assert set(ari.__all__) == {
        "Address",
        "AriClient",
        "AriDropped",
        "AriError",
        "AriRefused",
        "AriTimeout",
        "AriUndecodable",
        "AriUnreachable",
        "Backoff",
        "BadRequest",
        "Command",
        "Conflict",
        "EventStream",
        "Forbidden",
        "Job",
        "Lanes",
        "Loss",
        "LossKind",
        "NotFound",
        "OddFrame",
        "OddKind",
        "OnEvent",
        "OnRequest",
        "Operations",
        "Request",
        "ServerFault",
        "Unauthorized",
        "Unprocessable",
        "models",
    }
    assert all(hasattr(ari, name) for name in ari.__all__)
    assert (Path(ari.__file__).parent / "py.typed").exists()
