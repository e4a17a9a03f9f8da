"""What a run can be told. Prefect checks it before the run exists, and draws its form from it."""

# No `from __future__ import annotations` here: Prefect then cannot resolve these models in served runs.
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from cleaners.remote import is_url

RunnerKind = Literal["sequential", "threads", "processes", "dask", "ray"]


Place = Annotated[
    Path | str,
    BeforeValidator(lambda place: place if is_url(place) else Path(place)),
    WithJsonSchema({"type": "string", "format": "path"}),
]
"""A folder, or a URL, which a path would spoil."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Runner(_Model):
    """Where batches are cleaned. The output is the same everywhere, byte for byte."""

    kind: RunnerKind = Field(
        default="sequential",
        description="sequential: here, one by one; processes: on this machine; dask, ray: on a cluster, or a "
        "local one. Threads do not clean faster, as Python runs one at a time.",
    )
    workers: int | None = Field(
        default=None, ge=1, le=1024, description="How many; by default as many as processors."
    )
    address: str | None = Field(
        default=None,
        description="Of a Dask scheduler (tcp://host:8786) or a Ray head (ray://host:10001); else a local "
        "one is started. Its workers need copydesk installed and the same folders.",
    )


class Parameters(_Model):
    """A folder in, a folder out, and how."""

    input: Place = Field(
        description="Folder or URL (s3://...) of texts and records (.txt, .json, .jsonl, also .gz), "
        "at any depth."
    )
    output: Place = Field(description="Folder or URL that gets the articles; a URL with shards only.")
    glob: str = Field(
        default="*", description="Which inputs: matches paths below the input folder, * also across folders."
    )
    settings_file: Path | None = Field(
        default=None, description="Settings file; else the nearest copydesk.toml, as on the command line."
    )
    without: frozenset[str] = Field(
        default=frozenset(), description="Rules or packs to leave out; `copydesk rules list` shows them."
    )
    layout: Literal["shards", "mirror"] = Field(
        default="shards",
        description="shards: JSON Lines by the batch, and a manifest; mirror: a JSON file a text and a JSON "
        "Lines file for records, as the command line writes.",
    )
    together: bool = Field(
        default=False,
        description="With shards in a folder: look at what the articles show together. Lines that recur over "
        "a site are proposed as rules, lines that are headlines of other articles go, and duplicates.jsonl "
        "lists the duplicates.",
    )
    archive: Path | None = Field(
        default=None,
        description="With `together`: an archive (`copydesk clean --archive`), by which other runs and "
        "outputs know these headlines, and these articles theirs.",
    )
    parquet: bool = Field(default=False, description="With shards: each also as Parquet.")
    prune: bool = Field(default=False, description="Articles whose input is gone go too.")
    batch_size: int = Field(
        default=2000,
        ge=1,
        le=1_000_000,
        description="Inputs a task: a task run costs Prefect as much as many texts.",
    )
    batch_bytes: int = Field(
        default=64 << 20, ge=1, description="Bytes of inputs a task; a larger file is one task."
    )
    runner: Runner = Field(default=Runner(), description="Where batches are cleaned.")
    fail_above: float = Field(
        default=0.5, ge=0, le=1, description="The run fails when a larger share of inputs gives no article."
    )
    retries: int = Field(
        default=2,
        ge=0,
        le=10,
        description="How often a batch is tried again when the disk or a worker fails it.",
    )
