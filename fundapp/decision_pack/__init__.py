"""One file that shows how a round was decided, and a checker anybody can run (docs/decision-pack.md)."""
