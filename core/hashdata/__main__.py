"""Run the command line with `python -m hashdata`."""

from hashdata.cli import main

main()
