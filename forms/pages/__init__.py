"""The fixed forms of the pages, one module for each area."""
