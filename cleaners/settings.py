"""Settings: everything that may change an output, in one frozen value passed in explicitly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec


class ConfigError(ValueError):
    """A rule, setting or argument that cannot be used. The message names it and says what to do."""


class RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules of the user's own, as text: no path, so that the same rules have the same hash anywhere."""

    name: str
    """The file's name below its folder: "mine.toml", or "sites/news.example.toml" for one site's rules."""
    text: str
    """The rules in TOML; CONTRIBUTING.md explains their keys."""


class Known(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A headline, and the article it belongs to: `["Ferry strike ends", "callan.example/1"]`."""

    headline: str
    id: str = ""


class Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of a record's fields, where they are not the usual ones. Dots lead inwards: "body.html"."""

    text: str | None = None
    """The text to be cleaned."""
    title: str | None = None
    """The headline."""
    date: str | None = None
    """When it appeared."""
    authors: str | None = None
    """Who wrote it."""
    url: str | None = None
    """Where it appeared."""
    id: str | None = None
    """What the record is called."""


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is different for the texts of one site; what is None is as everywhere."""

    host: str
    """Host name without "www.": "news.example" also speaks for "www.news.example" and
    "sport.news.example". Of several that fit, the longest alone counts."""
    bar: float | None = None
    """In place of the general bar."""
    without: frozenset[str] = frozenset()
    """Rules or packs to leave out besides those left out everywhere."""
    language: bool | None = None
    """In place of the general switch."""
    max_risk: float | None = None
    """In place of the general risk."""
    max_story_loss: float | None = None
    """In place of the general share."""

    def __post_init__(self) -> None:
        plain = bare_host(self.host)
        if plain != self.host or not plain:
            hint = f"; hint: write {plain!r}" if plain else ""
            raise ConfigError(f"settings.sites: {self.host!r} is no bare host name{hint}")
        _check_shares(self, f"settings.sites.{self.host}", ("bar", "max_risk", "max_story_loss"))


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True):
    """How to clean. Hashable, so that equal settings share one compiled pipeline."""

    bar: float = 0.9
    """Confidence, 0 to 1, that an edit needs to be carried out; below it the block is reviewed."""
    without: frozenset[str] = frozenset()
    """Ids of rules to leave out ("comment/leave-a-comment"), or of whole packs ("comment")."""
    language: bool = True
    """Detect the language of the cleaned body."""
    max_risk: float = 0.35
    """Highest probability of being article that a block may have and still be taken out by its look alone.
    At 0 only the surest go; `without={"evidence"}` leaves that judgement out."""
    max_story_loss: float = 0.3
    """Share of the words in story-shaped blocks that may go before the guard takes edits back."""
    rules: tuple[RuleFile, ...] = ()
    """Rules of the user's own, tried before those that come with copydesk."""
    sites: tuple[Site, ...] = ()
    """What is different for single sites."""
    headlines: tuple[Known, ...] = ()
    """Headlines of other articles: a line that is one of them is a promo."""
    fields: Fields = Fields()
    """Which fields of a record hold what."""

    def __post_init__(self) -> None:
        _check_shares(self, "settings", ("bar", "max_risk", "max_story_loss"))
        # In one order, so that equal settings are equal however they were put together.
        rules = sorted(self.rules, key=lambda file: file.name)
        sites = sorted(self.sites, key=lambda site: site.host)
        _check_once("rules", (file.name for file in rules))
        _check_once("sites", (site.host for site in sites))
        msgspec.structs.force_setattr(self, "headlines", tuple(sorted(set(self.headlines))))
        msgspec.structs.force_setattr(self, "rules", tuple(rules))
        msgspec.structs.force_setattr(self, "sites", tuple(sites))

    @property
    def sha256(self) -> str:
        """Hash of the settings' canonical JSON."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    def site(self, host: str) -> Site | None:
        """The entry that speaks for a host: its own, else that of the nearest domain above it."""
        if not self.sites:
            return None
        own = {site.host: site for site in self.sites}
        while host and host not in own:
            host = host.partition(".")[2]
        return own.get(host)

    def at(self, site: Site | None) -> Settings:
        """The settings in force on a site."""
        if site is None:
            return self
        changed = {
            name: getattr(site, name)
            for name in site.__struct_fields__
            if name not in ("host", "without") and getattr(site, name) is not None
        }
        return msgspec.structs.replace(self, **changed, without=self.without | site.without)


def bare_host(host: str) -> str:
    """The host name as settings and rules spell it: lower-case, without scheme, "www.", port and path."""
    bare = host.strip().lower().rpartition("://")[2].partition("/")[0].partition(":")[0]
    return bare.removeprefix("www.")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name somebody probably meant."""
    from difflib import get_close_matches  # heavy, and needed for few

    known = sorted(set(known))
    begun = [one for one in known if name and one.startswith(name)]
    return next(iter(begun or get_close_matches(name, known, n=1)), None)


_TYPE_WORDS = {"`object`": "a table", "`array`": "a list", "`str`": "text", "`float`": "a number",
               "`int`": "a number", "`bool`": "true or false", "`null`": "nothing"}  # fmt: skip


def plain_types(error: str) -> str:
    """A message of msgspec's on a type that does not fit, in the words of a settings file."""
    what = error.partition(" - at ")[0].replace(" | `null`", "").replace(" | null`", "`")
    for name, words in _TYPE_WORDS.items():
        what = what.replace(name, words)
    return what[:1].lower() + what[1:]


def _check_shares(settings: msgspec.Struct, place: str, names: Iterable[str]) -> None:
    for name in names:
        value = getattr(settings, name)
        if value is not None and not 0.0 <= value <= 1.0:
            raise ConfigError(f"{place}.{name}: {value} is not between 0 and 1")


def _check_once(key: str, names: Iterable[str]) -> None:
    last = None
    for name in names:
        if name == last:
            raise ConfigError(f"settings.{key}: {name!r} is there twice; hint: make one of the two")
        last = name
