"""A call is a file: everything of one call as plain values, read from and written to YAML."""
