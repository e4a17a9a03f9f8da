"""copydesk: the last desk a scraped news story passes before anyone reads it or trains on it.

    from cleaners import clean
    article = clean(scraped_text)
    article.text, article.headline, article.changes

Names load on first use, so that `import cleaners` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaners.article import VERSION as __version__  # noqa: N811  # Python's name for it
    from cleaners.article import Article
    from cleaners.explaining import Explanation, explain
    from cleaners.ledger import restore
    from cleaners.pipeline import clean, clean_many
    from cleaners.read import Source
    from cleaners.records import RecordError, from_record
    from cleaners.settings import ConfigError, Fields, Known, RuleFile, Settings, Site

__all__ = [
    "Article",
    "ConfigError",
    "Explanation",
    "Fields",
    "Known",
    "RecordError",
    "RuleFile",
    "Settings",
    "Site",
    "Source",
    "__version__",
    "clean",
    "clean_many",
    "explain",
    "from_record",
    "restore",
]

_HOMES = {
    "Article": ("cleaners.article", "Article"),
    "ConfigError": ("cleaners.settings", "ConfigError"),
    "Explanation": ("cleaners.explaining", "Explanation"),
    "Fields": ("cleaners.settings", "Fields"),
    "Known": ("cleaners.settings", "Known"),
    "RecordError": ("cleaners.records", "RecordError"),
    "RuleFile": ("cleaners.settings", "RuleFile"),
    "Settings": ("cleaners.settings", "Settings"),
    "Site": ("cleaners.settings", "Site"),
    "Source": ("cleaners.read", "Source"),
    "__version__": ("cleaners.article", "VERSION"),
    "clean": ("cleaners.pipeline", "clean"),
    "clean_many": ("cleaners.pipeline", "clean_many"),
    "explain": ("cleaners.explaining", "explain"),
    "from_record": ("cleaners.records", "from_record"),
    "restore": ("cleaners.ledger", "restore"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'cleaners' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
