"""`python -m nexlang` is `nexc`."""

from nexlang.cli import main

main()
