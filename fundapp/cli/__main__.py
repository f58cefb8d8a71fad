"""`python -m fundapp.cli`, which is how our own child processes are started."""

from fundapp.cli import main

main()
