"""Files that ship with the app. Nothing in them is repeated in code."""
