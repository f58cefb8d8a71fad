"""What files really are, and how they become harmless. Pure: no Flask, no database.

`run.check_file` does the work in a child process with little memory and time; everything else here is what
that child does. Modules import each other relatively, so that the child can load them without the app.
"""
