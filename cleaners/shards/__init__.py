"""Shards: the output of scheduled runs, in parts and a manifest.

`plan` says what is to be done, `make` makes a part of each batch, in any process, and `publish` lets the run
take effect, by replacing the manifest at one moment: a run that is killed before has changed nothing, and
leaves parts that the next run finds made. An output, folder or URL, is `locked` around all three.

What many documents show together belongs beside the parts: `make` writes it of each part's articles
(`beside`, suffix `SEEN`) before the index, so that a part that is there has it; who merges it reads it in
the order of the parts. Files of a part's name come and go with it.
"""

from cleaners.shards.lock import LOCK, Lock
from cleaners.shards.making import SLOWEST, Beside, Made
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
    Told,
    encode,
    part_path,
    prepare,
    read_part,
)
from cleaners.shards.places import (
    Held,
    Place,
    announced,
    is_announced,
    locked,
    make,
    plan,
    publish,
    read_articles,
    read_manifest,
)
from cleaners.shards.planning import Batch, Member, Plan, Since
from cleaners.shards.publishing import ANNOUNCED, REPORT, Published, changes, sweep

__all__ = [
    "ANNOUNCED",
    "ARTICLES",
    "FAILED",
    "FOLDER",
    "INDEX",
    "LOCK",
    "MANIFEST",
    "PARQUET",
    "REPORT",
    "SEEN",
    "SLOWEST",
    "Batch",
    "Beside",
    "Held",
    "Item",
    "Listed",
    "Lock",
    "Made",
    "Manifest",
    "Member",
    "Part",
    "Place",
    "Plan",
    "Published",
    "Since",
    "Told",
    "announced",
    "changes",
    "encode",
    "is_announced",
    "locked",
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
