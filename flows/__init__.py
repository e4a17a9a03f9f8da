"""The Prefect flow: the same cleaning as the command line, in batches, with a record for each run."""
