"""The public file of a panel's draw: the list, the seed, who was drawn (docs/panel-draw-file.md)."""
