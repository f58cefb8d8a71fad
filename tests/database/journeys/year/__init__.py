"""The grants of the demo call from the yes to the last page, with a second set of books beside."""
