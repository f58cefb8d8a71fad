"""The command `fundapp`."""

from fundapp.cli.commands import main

__all__ = ["main"]
