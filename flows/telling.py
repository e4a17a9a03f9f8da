"""What Prefect's users see of a run: log, artifacts, events, the asset."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import quote
from uuid import UUID

import msgspec
from prefect import get_run_logger
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.events import emit_event

from cleaners import report, shards
from cleaners.drift import MEASURES
from cleaners.pipeline import Fingerprint
from cleaners.remote import is_url
from cleaners.report import SiteCount, Summary
from cleaners.shards import Made, Place, Plan, Published, Told
from cleaners.together import Together

NAME = "clean-articles"
"""Name of the flow, and key under which each run's report replaces the last one's."""
CHANGED, PROGRESS = "clean-articles-changed", "clean-articles-progress"
TOGETHER = "clean-articles-together"
"""Of what many articles show: proposed rules, drift, duplicates."""
CLEANED, DRIFTED = "articles.cleaned", "site.drifted"
"""Events."""
MOST_SITES = 30
MOST_PROPOSED = 50
STEPS = 50
"""How often progress is told at most: each time is a request to the server."""

T = TypeVar("T")


class Progress:
    """An artifact that fills while batches end."""

    def __init__(self, batches: int) -> None:
        self.batches, self.done, self.told = batches, 0, 0
        made = create_progress_artifact(0.0, PROGRESS, "Batches cleaned.") if batches > 1 else None
        self.artifact = cast("UUID | None", made)  # Prefect's type allows for asynchronous callers

    def step(self, result: T) -> T:
        """Another batch has ended."""
        self.done += 1
        if self.artifact and (self.done == self.batches or (self.done - self.told) * STEPS >= self.batches):
            self.told = self.done
            update_progress_artifact(self.artifact, progress=100 * self.done / self.batches)
        return result


def asset(place: Place) -> str:
    """The key by which Prefect shows what the articles are made from and used for."""
    scheme, _, path = address(place).partition("://") if is_url(place) else ("file", "", address(place))
    plain = re.sub(r"[^\w./-]", "-", path, flags=re.ASCII)
    return f"{scheme}://{plain}"


def address(place: Place) -> str:
    """A place as it is named to those who are elsewhere."""
    return str(place).rstrip("/") if is_url(place) else Path(place).resolve().as_posix()


def of_shards(folder: Place, plan: Plan, made: Sequence[Made], published: Published) -> None:
    """Tell of a run over shards: what it did, what changed since the last one, what has drifted."""
    logger = get_run_logger()
    _log(published.summary)
    is_told = shards.is_announced(folder)
    drifts = () if is_told else published.manifest.drifts
    drifted = [one.sentence() for one in drifts]
    for sentence in drifted:
        logger.warning("drift: %s", sentence)
    page = [report.markdown(published.summary), f"{plan.sentence()}.", ""]
    page += _by_kind(published.summary) + _by_site(published.summary) + _slowest(made)
    where = f"{address(folder)}/{shards.REPORT}"
    page += [
        f"The last run that changed anything, as a page: [{shards.REPORT}]({_link(where)}), at `{where}`.",
        "",
    ]
    if drifted:
        page = ["## Drift", "", *[f"- {report.cell(sentence)}" for sentence in drifted], "", *page]
    create_markdown_artifact("\n".join(page), key=NAME, description="What was removed, and why.")
    changes = [change._asdict() for change in shards.changes(plan, published.manifest)]
    create_table_artifact(changes, key=CHANGED, description="What changed since the last run.")
    if not is_told:
        _emit(folder, shards.MANIFEST, published.summary, plan.made_with)
        for one in drifts:
            _drifted(
                folder,
                one.site,
                one.measure,
                {"share": one.share, "usual": one.usual, "articles": one.articles},
            )
        shards.announced(folder)


def of_together(found: Together, told: Mapping[str, Told]) -> None:
    """Tell what the articles show together: rules to accept, rules that no longer fire, duplicates."""
    logger = get_run_logger()
    rows = [
        f"| {report.cell(one.rule.id)} | {one.support:,} of {one.documents:,} "
        f"| {'yes' if one.is_sure else ''} | {report.cell(one.examples[0].text)} | {len(one.against)} |"
        for one in found.proposals[:MOST_PROPOSED]
    ]
    page = ["## Proposed rules", "", f"{len(found.proposals):,} lines recur over their sites.", ""]
    if rows:
        page += [
            "| rule | documents | sure | for example | in stories |",
            "|---|---:|---|---|---:|",
            *rows,
            "",
        ]
        page += ["`copydesk learn PATH... --accept RULE` writes one.", ""]
    if found.stale:
        page += ["## Rules that hardly fire any more", ""]
        for stale in found.stale:
            logger.warning("drift: %s", stale.sentence())
            page.append(f"- {report.cell(stale.sentence())}")
        page.append("")
    articles = sum(map(len, told.values()))
    relations = Counter(dedup.relation for _, dedup in found.duplicates)
    said = ", ".join(f"{count:,} {relation}" for relation, count in sorted(relations.items()))
    page += ["## Articles together", ""]
    page += [f"{articles:,} print headlines of others. In clusters of duplicates: {said or 'none'}.", ""]
    logger.info("proposed: %d rules; in clusters: %s", len(found.proposals), said or "none")
    create_markdown_artifact("\n".join(page), key=TOGETHER, description="What many articles show.")


def of_mirror(folder: Path, summary: Summary, made_with: Fingerprint, gone: int, is_pruned: bool) -> None:
    """Tell of a run that mirrors its inputs."""
    _log(summary)
    page = [report.markdown(summary), *_by_kind(summary), *_by_site(summary)]
    if gone:
        said = f"{gone:,} files of articles whose inputs are gone {'went' if is_pruned else 'stay'}"
        get_run_logger().info(said)
        page += [f"{said}.", ""]
    create_markdown_artifact("\n".join(page), key=NAME, description="What was removed, and why.")
    if summary.articles:
        _emit(folder, None, summary, made_with)


def _link(address: str) -> str:
    return quote(address, safe="/:") if is_url(address) else f"file://{quote(address)}"


def _log(summary: Summary) -> None:
    logger = get_run_logger()
    for name, reason in summary.problems:
        logger.warning("%s: %s", name, reason)
    logger.info(report.sentence(summary))


# --- tables -----------------------------------------------------------------------------------


def _by_kind(summary: Summary) -> list[str]:
    if not summary.kinds:
        return []
    kinds = sorted(summary.kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    rows = [f"| {report.cell(kind)} | {count:,} |" for kind, count in kinds]
    return [f"Words kept: {summary.words:,}.", "", "| kind of residue | removed |", "|---|---:|", *rows, ""]


def _by_site(summary: Summary) -> list[str]:
    def size(site: tuple[str, SiteCount]) -> tuple[int, str]:
        return -site[1].articles, site[0]

    sites = sorted(summary.sites.items(), key=size)
    if not sites:
        return []
    rows = [
        f"| {report.cell(name) or '(none named)'} | {site.articles:,} | {site.removed:,} "
        f"| {_percent(site.removed_length, site.text_length + site.removed_length)} "
        f"| {site.review:,} | {site.guard:,} |"
        for name, site in sites[:MOST_SITES]
    ]
    more = [f"| and {len(sites) - MOST_SITES:,} more | | | | | |"] if len(sites) > MOST_SITES else []
    head = "| site | articles | removals | share of text | to review | guard |"
    return [head, "|---|---:|---:|---:|---:|---:|", *rows, *more, ""]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _slowest(made: Sequence[Made]) -> list[str]:
    slowest = sorted((one for part in made for one in part.slowest), reverse=True)[: shards.SLOWEST]
    if not slowest:
        return []
    rows = [f"| {report.cell(label)} | {1000 * seconds:,.0f} ms |" for seconds, label in slowest]
    return ["| slowest (the first of a process with its start-up) | took |", "|---|---:|", *rows, ""]


# --- events -----------------------------------------------------------------------------------


def _emit(folder: Place, manifest: str | None, summary: Summary, made_with: Fingerprint) -> None:
    counts = {
        name: getattr(summary, name) for name in ("articles", "unchanged", "failed", "removed", "review")
    }
    where = address(folder)
    path = f"{where}/{manifest}" if manifest else ""
    payload = {"manifest": path, "output": where, "counts": counts}
    payload["ruleset"] = msgspec.to_builtins(made_with)
    emit_event(CLEANED, _resource(folder), payload=payload)


def _drifted(folder: Place, site: str, measure: str, figures: dict[str, Any]) -> None:
    payload = {"site": site, "measure": measure, "meaning": MEASURES[measure], **figures}
    emit_event(DRIFTED, _resource(folder) | {"copydesk.site": site or "none"}, payload=payload)


def _resource(folder: Place) -> dict[str, str]:
    return {
        "prefect.resource.id": f"copydesk.output.{address(folder).strip('/')}",
        "prefect.resource.name": address(folder).rpartition("/")[2],
    }
