"""Runs the command as `python -m bss_loader`."""

from bss_loader.cli import main

main()
