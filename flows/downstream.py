"""An example of what may follow a run: a flow that the event `articles.cleaned` starts. Copy it."""

# No `from __future__ import annotations` here, as in the other flow.
import json

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

import flows

NAME = "after-cleaning"


@flow(name=NAME)
def after_cleaning(manifest: str, articles: int) -> int:
    """Count the articles by language. `manifest` and `articles` come from the event, with their types."""
    logger = get_run_logger()
    folder = manifest.rpartition("/")[0]  # or URL
    found = flows.read_manifest(folder)
    if found is None:
        logger.warning("no manifest in %s", folder)
        return 0
    languages: dict[str, int] = {}
    for line in flows.read_articles(folder, found):
        language = json.loads(line)["inLanguage"]
        languages[language] = languages.get(language, 0) + 1
    total = sum(languages.values())
    logger.info("%d articles, %d of them cleaned just now", total, articles)
    rows = [f"| {name} | {count:,} |" for name, count in sorted(languages.items())]
    page = "\n".join(["| language | articles |", "|---|---:|", *rows])
    create_markdown_artifact(page, key=NAME, description="Articles by language.")
    return total
