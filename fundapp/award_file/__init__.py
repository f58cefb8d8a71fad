"""Award problems as plain files, for people who use only this part (docs/award-file.md)."""
