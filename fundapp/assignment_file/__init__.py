"""Assignment problems as plain files, for people who use only this part (docs/assignment-file.md)."""
