"""The Prefect flow: the same cleaning as the command line, in batches, with a record for each run.

`flows.read_manifest(folder)` and `flows.read_articles(folder, manifest)` are for those who use the output;
neither imports Prefect.
"""

from cleaners.shards import Manifest, read_articles, read_manifest

__all__ = ["Manifest", "read_articles", "read_manifest"]
