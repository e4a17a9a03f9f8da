"""Where an output is: a folder, or a URL of an object store. The steps are the same for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from cleaners.remote import is_url
from cleaners.settings import Settings
from cleaners.shards import lock, making, objects, parts, planning, publishing
from cleaners.shards.making import Beside, Made
from cleaners.shards.parts import Manifest
from cleaners.shards.planning import Batch, Plan
from cleaners.shards.publishing import Published

P = ParamSpec("P")
T = TypeVar("T")
Place = Path | str


def _either(
    near: Callable[Concatenate[Path, P], T], far: Callable[Concatenate[str, P], T]
) -> Callable[Concatenate[Place, P], T]:
    def at(place: Place, /, *arguments: P.args, **named: P.kwargs) -> T:
        if is_url(place):
            return far(str(place), *arguments, **named)
        return near(Path(place), *arguments, **named)

    at.__doc__ = near.__doc__
    return at


plan = _either(planning.plan, objects.plan)
is_announced = _either(publishing.is_announced, objects.is_announced)
announced = _either(publishing.announced, objects.announced)


def make(
    batch: Batch,
    place: Place,
    settings: Settings,
    beside: Beside | None = None,
    clock: Callable[[], float] | None = None,
) -> Made:
    """Clean a batch into a part; one that is there already is taken as it is.

    `beside` may be Parquet, or what was observed of the articles. Raises OSError where the part cannot be
    written, which a second try may cure; never for an input.
    """
    if is_url(place):
        return objects.make(batch, str(place), settings, beside, clock)
    return making.make(batch, Path(place), settings, beside, clock)


def publish(place: Place, plan: Plan, made: Sequence[Made], held: Held | None = None) -> Published:
    """Let a run take effect: list what failed, replace the manifest, take away what nobody needs any more."""
    if is_url(place):
        check = held.check if isinstance(held, objects.Lock) else lambda: None
        return objects.publish(str(place), plan, made, check)
    return publishing.publish(Path(place), plan, made)


def read_manifest(place: Place) -> Manifest | None:
    """The manifest of an output; None where no run has ended yet."""
    return objects.read_manifest(str(place)) if is_url(place) else parts.read_manifest(Path(place))


def read_articles(place: Place, manifest: Manifest) -> Iterator[bytes]:
    """The articles that a manifest names, a line of JSON each, in its order."""
    if is_url(place):
        return objects.read_articles(str(place), manifest)
    return parts.read_articles(Path(place), manifest)


Held = lock.Lock | objects.Lock


def locked(place: Place) -> Held:
    """Keeps a second run off an output, as long as a `with` block lasts. Ends with its process."""
    return objects.Lock(str(place)) if is_url(place) else lock.Lock(Path(place))
