"""The tables' history, one straight numbered line. `fundapp migrate` brings a database up to date."""
