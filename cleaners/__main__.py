"""`python -m cleaners` is the command line."""

from cleaners.cli import main

main()
