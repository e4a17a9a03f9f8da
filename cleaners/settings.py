"""Settings: everything that may change an output, in one frozen value passed in explicitly."""

from __future__ import annotations

import hashlib

import msgspec


class ConfigError(ValueError):
    """A rule, setting or argument that cannot be used. The message names it and says what to do."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to clean. Hashable, so that equal settings share one compiled pipeline."""

    bar: float = 0.9
    """Confidence, 0 to 1, that an edit needs to be carried out; below it the block is reviewed."""
    without: frozenset[str] = frozenset()
    """Ids of rules to leave out ("comments/leave-a-comment"), or of whole packs ("comments")."""
    language: bool = True
    """Detect the language of the cleaned body."""
    max_risk: float = 0.3
    """Highest probability of being article that a block may have and still be taken out by its look alone.
    At 0 only the surest go; `without={"evidence"}` leaves that judgement out."""
    max_story_loss: float = 0.3
    """Share of the words in story-shaped blocks that may go before the guard takes edits back."""

    def __post_init__(self) -> None:
        for name in ("bar", "max_risk", "max_story_loss"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise ConfigError(f"settings.{name}: {value} is not between 0 and 1")

    @property
    def sha256(self) -> str:
        """Hash of the settings' canonical JSON."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        fields["without"] = sorted(self.without)
        canonical = msgspec.json.encode(fields, order="deterministic")
        return hashlib.sha256(canonical).hexdigest()
