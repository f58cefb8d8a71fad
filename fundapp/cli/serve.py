"""`fundapp web` and `fundapp worker`: the two processes of an installation."""

from __future__ import annotations

import sys
import threading

import click
import waitress

from fundapp import create_app
from fundapp.cli.children import end_with_parent, on_stop_signal, own_command
from fundapp.jobs.consumer import consume
from fundapp.jobs.worker import work
from fundapp.log import set_up_logging
from fundapp.queue.server import queue_url
from fundapp.settings import Settings, largest_request

THREADS = 8  # the best of those measured under load; slow clients hold none of them

with_parent = click.option(
    "--with-parent", is_flag=True, hidden=True, help="Stop when the process that started this one is gone."
)


def settings_of_a_process() -> Settings:
    settings = Settings.from_environment()
    set_up_logging(settings.log_level)
    return settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@with_parent
def web(host: str, port: int, with_parent: bool) -> None:
    """Answers browsers. Behind a proxy, gunicorn does the same: see deploy/."""
    settings = settings_of_a_process()
    app = create_app(settings)
    on_stop_signal(sys.exit)
    if with_parent:
        end_with_parent()
    waitress.serve(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=largest_request(settings),  # ends there, before the app sees it
        _quiet=True,
    )


@click.command()
@with_parent
def worker(with_parent: bool) -> None:
    """Sends mails and does what else was promised, whether or not a queue server is there."""
    settings = settings_of_a_process()
    stop = threading.Event()
    on_stop_signal(stop.set)
    if with_parent:
        end_with_parent()
    work(create_app(settings), settings, listen=own_command("listen"), stop=stop)


@click.command(hidden=True)
def listen() -> None:
    """The worker's own child: does the jobs that the queue announces."""
    settings = settings_of_a_process()
    end_with_parent()
    consume(create_app(settings), queue_url(settings.redis_url, settings.data_dir))
