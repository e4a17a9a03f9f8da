"""Shards: the output of scheduled runs, in parts and a manifest.

`plan` says what is to be done, `make` makes a part of each batch, in any process, and `publish` lets the run
take effect, by replacing the manifest at one moment: a run that is killed before has changed nothing, and
leaves parts that the next run finds made. A `Lock` is held around all three.

What many documents show together belongs beside the parts: `make` writes it of each part's articles
(`beside`, suffix `SEEN`) before the index, so that a part that is there has it; who merges it reads it in
the order of the parts. Files of a part's name come and go with it.
"""

from cleaners.shards.lock import LOCK, Lock
from cleaners.shards.making import SLOWEST, Beside, Made, make
from cleaners.shards.parts import (
    ARTICLES,
    FAILED,
    FOLDER,
    INDEX,
    MANIFEST,
    PARQUET,
    SEEN,
    Item,
    Listed,
    Manifest,
    Part,
    encode,
    part_path,
    prepare,
    read_articles,
    read_manifest,
    read_part,
)
from cleaners.shards.planning import Batch, Member, Plan, Since, plan
from cleaners.shards.publishing import ANNOUNCED, Published, announced, is_announced, publish, sweep

__all__ = [
    "ANNOUNCED",
    "ARTICLES",
    "FAILED",
    "FOLDER",
    "INDEX",
    "LOCK",
    "MANIFEST",
    "PARQUET",
    "SEEN",
    "SLOWEST",
    "Batch",
    "Beside",
    "Item",
    "Listed",
    "Lock",
    "Made",
    "Manifest",
    "Member",
    "Part",
    "Plan",
    "Published",
    "Since",
    "announced",
    "encode",
    "is_announced",
    "make",
    "part_path",
    "plan",
    "prepare",
    "publish",
    "read_articles",
    "read_manifest",
    "read_part",
    "sweep",
]
