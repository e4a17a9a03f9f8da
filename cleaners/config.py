"""Settings as people write them: files found and read, put together with what the command line says.

It alone knows the order of precedence: default, file, --set, an option of its own; and names for every
value the place it came from.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import msgspec

from cleaners import pipeline
from cleaners.rulebook import RuleError
from cleaners.settings import ConfigError, Fields, RuleFile, Settings, Site, nearest, plain_types

FILE, PYPROJECT = "copydesk.toml", "pyproject.toml"
DEFAULT, SET = "default", "--set"

Key = tuple[str, ...]
"""("bar",), ("fields", "text") or ("sites", "news.example", "bar")."""


class Value(NamedTuple):
    """One setting, as written somewhere."""

    value: Any
    origin: str
    """Where: a file's path, "--set", "--without", or "default"."""
    folder: Path
    """What paths in it are relative to."""


class Config(NamedTuple):
    """Settings with their origin."""

    settings: Settings
    values: Mapping[Key, Value]
    """What was written; all else is default."""
    paths: Mapping[str, Path]
    """The path of each rule file, by its name in the settings."""


def load(
    file: str | None = None,
    sets: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    ready: Callable[[Settings], object] = pipeline.build,
) -> Config:
    """The settings in force, ready to run. Raises ConfigError for what cannot be used, naming its place.

    `file` is what --config names, and None to look for one; `sets` what --set says; `options` are settings
    that have an option of their own, by key; `ready` is what the settings are tried on.
    """
    config = assemble(file, sets, options)
    try:
        ready(config.settings)
    except RuleError as error:
        name, _, rest = str(error).partition(":")
        raise RuleError(f"{_shown(config.paths.get(name, Path(name)))}:{rest}") from error
    except ConfigError as error:
        raise ConfigError(_placed(str(error), config.values)) from error
    return config


def assemble(
    file: str | None = None, sets: Sequence[str] = (), options: Mapping[str, Any] | None = None
) -> Config:
    """As `load`, without a look at what the rules say."""
    path = Path(file) if file is not None else find(_here())
    values: dict[Key, Value] = {}
    for key, value in _layers(path, sets, options or {}):
        values[key] = value
    paths: dict[str, Path] = {}
    plain: dict[str, Any] = {}
    nested: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        converted = _rules(value, paths) if key == ("rules",) else _converted(key, value)
        if len(key) == 1:
            plain[key[0]] = converted
        else:
            nested.setdefault(".".join(key[:-1]), {})[key[-1]] = converted
    fields = Fields(**nested.pop("fields", {}))
    sites = [Site(host=name.partition(".")[2], **switches) for name, switches in nested.items()]
    return Config(Settings(**plain, fields=fields, sites=tuple(sites)), values, paths)


def _placed(error: str, values: Mapping[Key, Value]) -> str:
    """The message of a ConfigError on settings, with the place that wrote the value."""
    for key in sorted(values, key=len, reverse=True):
        place = f"settings.{'.'.join(key)}: "
        if error.startswith(place):
            origin = values[key].origin
            return f"{origin}: {error.removeprefix(place if _is_option(origin) else 'settings.')}"
    return error


def _is_option(origin: str) -> bool:
    """An option that says by its name which setting it is."""
    return origin.startswith("--") and origin != SET


# --- layers -----------------------------------------------------------------------------------


def find(folder: Path) -> Path | None:
    """The nearest settings file from a folder upwards; in one folder copydesk.toml wins."""
    for place in (folder, *folder.parents):
        for path in (place / FILE, place / PYPROJECT):
            if os.path.isfile(path) and (path.name == FILE or _has_section(path)):  # noqa: PTH113  # never raises
                return path
    return None


_SECTION = re.compile(rb"^\s*\[{1,2}\s*tool\s*\.\s*[\"']?copydesk\b|^\s*tool\.copydesk\b", re.MULTILINE)


def _has_section(path: Path) -> bool:
    """A look at the bytes: somebody else's broken pyproject.toml is no business of ours."""
    try:
        return _SECTION.search(path.read_bytes()) is not None
    except OSError:
        return False


def _layers(
    path: Path | None, sets: Sequence[str], options: Mapping[str, Any]
) -> Iterator[tuple[Key, Value]]:
    if path is not None:
        origin = _shown(path)
        yield from _leaves(_read_toml(path, origin), origin, path.parent)
    for text in sets:
        yield from _leaves(_read_set(text), SET, Path())
    for key, value in options.items():
        name = f"{key.removeprefix('fields.')}-field" if key.startswith("fields.") else key
        yield tuple(key.split(".")), Value(value, f"--{name.replace('_', '-')}", Path())


def _shown(path: Path) -> str:
    """A path as short as it is plain: below the current folder relative to it."""
    return str(path.relative_to(_here()) if path.is_relative_to(_here()) else path)


def _here() -> Path:
    """The current folder, which may be gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path("/")


def _read_toml(path: Path, origin: str) -> dict[str, Any]:
    table: Any = _parsed(_read_text(path, origin), origin)
    if path.name != PYPROJECT:
        return dict(table)
    for key in ("tool", "copydesk"):
        table = table.get(key) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        raise ConfigError(f"{origin}: there is no table [tool.copydesk]; hint: or name another --config")
    return table


def _read_text(path: Path, shown: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{shown}: cannot read it: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown}: not UTF-8; hint: save it as UTF-8") from error


def _parsed(text: str, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{shown}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{shown}: not valid TOML: nested too deep") from error


_NAME = r"(?:[\w-]{1,80}+|\"[^\"\n]{0,80}\"|'[^'\n]{0,80}')"
_ASSIGNMENT = re.compile(
    rf"\s{{0,9}}({_NAME}(?:\s{{0,9}}\.\s{{0,9}}{_NAME}){{0,9}})\s{{0,9}}=\s{{0,9}}(.*)", re.ASCII
)
_BARE = re.compile(r"[^\s\"'\[\]{},=#]+")


def _read_set(text: str) -> dict[str, Any]:
    """KEY=VALUE as a table. The value is TOML; a bare word is a string."""
    found = _ASSIGNMENT.fullmatch(text)
    if not found:
        raise ConfigError(f"{SET}: {_said(text)} is not KEY=VALUE; hint: --set bar=0.95")
    key, value = found.groups()
    for written in (value, json.dumps(value)) if _BARE.fullmatch(value) else (value,):
        try:
            return tomllib.loads(f"{key} = {written}")
        except tomllib.TOMLDecodeError as error:
            problem = error
    raise ConfigError(
        f"{SET}: {key}: {_said(value)} is not valid TOML: {problem}; hint: --set 'KEY=\"text\"'"
    )


def _leaves(table: Mapping[str, Any], origin: str, folder: Path) -> Iterator[tuple[Key, Value]]:
    """The settings of a table, one by one, each with a key that exists."""
    for name, value in table.items():
        _check_key((name,), origin, value, _KEYS[Settings])
        if name == "fields":
            for field, path in _table((name,), value, origin).items():
                _check_key((name, field), origin, path, _KEYS[Fields])
                yield (name, field), Value(path, origin, folder)
        elif name == "sites":
            for host, switches in _table((name,), value, origin).items():
                yield from _site(host, switches, origin, folder)
        else:
            yield (name,), Value(value, origin, folder)


def _site(host: str, switches: Any, origin: str, folder: Path) -> Iterator[tuple[Key, Value]]:
    try:
        Site(host=host)
    except ConfigError as error:
        raise ConfigError(f"{origin}: {str(error).removeprefix('settings.')}") from error
    for name, value in _table(("sites", host), switches, origin).items():
        if isinstance(value, dict):
            raise ConfigError(
                f'{origin}: sites.{host}.{name}: not a switch; hint: quote the host: sites."{host}.{name}"'
            )
        _check_key(("sites", host, name), origin, value, _KEYS[Site])
        yield ("sites", host, name), Value(value, origin, folder)


def _said(value: Any) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:60]} ..."


def _table(key: Key, value: Any, origin: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    example = {"fields": '[fields] text = "body"', "sites": '[sites."news.example"] bar = 0.95'}[key[0]]
    raise ConfigError(f"{origin}: {'.'.join(key)}: {_said(value)} is no table; hint: {example}")


_KEYS = {
    struct: [name for name in struct.__struct_fields__ if name != "host"]
    for struct in (Settings, Site, Fields)
}


def _check_key(key: Key, origin: str, value: Any, known: Sequence[str]) -> None:
    if key[-1] not in known:
        near = nearest(key[-1], known)
        hint = f"did you mean {near!r}?" if near else f"the keys are {', '.join(known)}"
        raise ConfigError(
            f"{origin}: {'.'.join(key)} = {_said(value)}: there is no such setting; hint: {hint}"
        )


# --- values -----------------------------------------------------------------------------------

_TYPES = {struct: get_type_hints(struct) for struct in (Settings, Site, Fields)}


def _converted(key: Key, value: Value) -> Any:
    """The value as the settings hold it; a single name may stand where a list of names is wanted."""
    owner: type[Settings | Site | Fields] = (Settings, Fields, Site)[len(key) - 1]
    wanted = _TYPES[owner][key[-1]]
    given = value.value
    if wanted == frozenset[str] and isinstance(given, str):
        given = [given]
    place = f"{value.origin}: {'.'.join(key)}"
    alone: dict[str, Any] = {"host": key[1]} if owner is Site else {}
    try:
        converted = alone[key[-1]] = msgspec.convert(given, wanted)
        owner(**alone)
    except msgspec.ValidationError as error:
        problem = plain_types(str(error))
        raise ConfigError(
            f"{place}: {_said(value.value)}: {problem}; hint: {_example(key[-1], wanted)}"
        ) from error
    except ConfigError as error:  # out of range
        problem = str(error).rpartition(f"{key[-1]}: ")[2]
        raise ConfigError(f"{place}: {problem}; hint: {_example(key[-1], wanted)}") from error
    return converted


def _example(key: str, wanted: Any) -> str:
    """A line that would be right."""
    kinds = {bool: "true", float: "0.5", str: '"name"', frozenset[str]: '["promo"]'}
    kind = next((text for kind, text in kinds.items() if wanted in (kind, kind | None)), "docs/settings.md")
    return f"for example {key} = {kind}"


def _rules(value: Value, paths: dict[str, Path]) -> tuple[RuleFile, ...]:
    """The rule files that folders and files name; `paths` learns where each is."""
    named = [value.value] if isinstance(value.value, str) else value.value
    place = f"{value.origin}: rules"
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise ConfigError(
            f'{place}: {_said(value.value)}: expected a list of folders; hint: rules = ["rules"]'
        )
    return read_rules([value.folder / name for name in named], place, paths)


def read_rules(
    named: Iterable[Path], place: str, paths: dict[str, Path] | None = None
) -> tuple[RuleFile, ...]:
    """The rule files in folders (*.toml and sites/*.toml), and those named themselves."""
    paths = {} if paths is None else paths
    files: dict[str, RuleFile] = {}
    for top in named:
        found = [_rule_file(path, place) for path in _rule_files(top, place)]
        if not any(_RULE.search(file.text) for file, _ in found):
            raise ConfigError(f"{place}: {_shown(top)}: no rules there; hint: rules stand in files NAME.toml")
        for file, path in found:
            if (other := paths.setdefault(file.name, path)) != path:
                both = f"{_shown(other)} and {_shown(path)}"
                raise ConfigError(f"{place}: {both} have one name; hint: rename one")
            files[file.name] = file
    return tuple(files.values())


_RULE = re.compile(r"^\s*[^\s#]", re.MULTILINE)


def _rule_file(path: Path, place: str) -> tuple[RuleFile, Path]:
    name = f"sites/{path.name}" if path.parent.name == "sites" else path.name
    return RuleFile(name, _read_text(path, f"{place}: {_shown(path)}")), path


def _rule_files(top: Path, place: str) -> list[Path]:
    shown = _shown(top)
    try:
        if top.is_file():
            return [top]
        if not top.is_dir():
            raise ConfigError(f"{place}: {shown}: no such file or folder{_near_entry(top)}")
        folders = [top, top / "sites"] if (top / "sites").is_dir() else [top]
        entries = [path for folder in folders for path in sorted(folder.iterdir())]
    except OSError as error:
        raise ConfigError(f"{place}: {shown}: cannot read it: {error.strerror}") from error
    return [path for path in entries if path.suffix == ".toml" and path.is_file()]


def _near_entry(path: Path) -> str:
    """A hint at the neighbour that was probably meant."""
    folder = path.parent
    near = nearest(path.name, os.listdir(folder)) if folder.is_dir() else None  # noqa: PTH208  # names only
    return (
        f"; hint: did you mean {near!r}?"
        if near
        else f"; hint: paths are relative to {_shown(folder.absolute())}"
    )


# --- for people -------------------------------------------------------------------------------


def to_toml(config: Config, origins: bool = False) -> str:
    """The settings in force as a settings file; with `origins` each line says where it came from."""
    lines: list[tuple[str, str]] = []
    for name in _KEYS[Settings]:
        if name not in ("fields", "sites"):
            default = [] if name == "rules" else getattr(config.settings, name)
            lines.append(_line((name,), config.values, default))
    lines += [("", ""), ("[fields]", "")]
    for name in _KEYS[Fields]:
        lines.append(_line(("fields", name), config.values, None))
    for site in config.settings.sites:
        lines += [("", ""), (f"[sites.{_toml(site.host)}]", "")]
        lines += [_line(key, config.values, None) for key in config.values if key[:2] == ("sites", site.host)]
    if not origins:
        return "".join(f"{text}\n" for text, _ in lines)
    width = max(len(text) for text, origin in lines if origin)
    return "".join(f"{text:{width}}  # {origin}\n" if origin else f"{text}\n" for text, origin in lines)


def _line(key: Key, values: Mapping[Key, Value], default: Any) -> tuple[str, str]:
    if key not in values:
        return (
            f"{key[-1]} = {_toml(default)}" if default is not None else f"# {key[-1]}: the usual names"
        ), DEFAULT
    value = values[key]
    shown = value.value
    if key == ("rules",):
        named = [shown] if isinstance(shown, str) else shown
        shown = [_shown(value.folder / name) for name in named]
    return f"{key[-1]} = {_toml(shown)}", value.origin


def _toml(value: Any) -> str:
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else repr(value)
