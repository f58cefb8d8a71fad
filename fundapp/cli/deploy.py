"""`fundapp migrate` and `fundapp check-deploy`."""

from __future__ import annotations

import click

from fundapp.migrate import migrate
from fundapp.settings import Settings, SettingsError, problems


@click.command(name="migrate")
def migrate_command() -> None:
    """Bring the database up to date. Make a backup first."""
    settings = Settings.from_environment()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    click.echo(f"The database is at revision {migrate(settings.database_url)}.")


@click.command()
def check_deploy() -> None:
    """Say what in the settings must not go into production."""
    try:
        found = problems(Settings.from_environment())
    except SettingsError as error:
        found = error.problems
    for problem in found:
        click.echo(problem)
    if found:
        raise click.ClickException("These settings must not go into production.")
    click.echo("Nothing in the settings speaks against production.")
