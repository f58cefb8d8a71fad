"""Where a post may go, and that it goes nowhere else: no database, real sockets."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from typing import Any

import pytest

from fundapp import outgoing
from fundapp.outgoing import BadAddress, NoAnswer, checked_address, is_public, post
from tests.database.jobs.receiver import receiver

PUBLIC = ("https://tools.example.org/hook?a=1", "https://93.184.216.34:8443/", "https://[2606:4700::1]/x")
REFUSED = (
    "http://tools.example.org/",
    "https:///x",
    "ftp://tools.example.org/",
    "https://me:secret@tools.example.org/",
    "https://tools.example.org/#part",
    "https://tools.example.org/a b",
    "https://tools.example.org/\nHost: elsewhere",
    "https://tools.example.org:0/",
    "https://tools.example.org:99999/",
    "https://münchen.example/",
    "https://intranet/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://tools.localhost/",
    "https://localhost/",
    "https://127.0.0.1/",
    "https://10.1.2.3/",
    "https://169.254.169.254/latest",
    "https://192.168.0.1/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://[::1]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:0:10.0.0.1]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[fec0::1]/",
    "https://[bad/",
    "tools.example.org",
    "",
    "https://tools.example.org/" + "x" * 500,
)


@pytest.mark.parametrize("url", PUBLIC)
def test_addresses_of_the_open_internet_are_taken(url: str) -> None:
    assert checked_address(url, may_be_near=False).geturl() == url


@pytest.mark.parametrize("url", REFUSED)
def test_everything_else_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(BadAddress):
        checked_address(url, may_be_near=False)


def test_near_means_this_machine_and_no_other_one() -> None:
    assert checked_address("http://127.0.0.1:8000/x", may_be_near=True)
    for url in ("http://10.0.0.1/", "http://tools.example.org/", "https://192.168.0.1/"):
        with pytest.raises(BadAddress):
            checked_address(url, may_be_near=True)


@pytest.mark.parametrize("number", ["64:ff9b::5db8:d822", "93.184.216.34", "2606:4700::1"])
def test_public_in_any_clothes(number: str) -> None:
    assert is_public(ipaddress.ip_address(number))


def lead(monkeypatch: pytest.MonkeyPatch, number: str, port: int) -> list[str]:
    """As if the name led to this address; who was asked for."""
    asked: list[str] = []

    def answer(host: str, *_rest: Any, **_more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", answer)
    return asked


def test_a_name_that_leads_inside_is_not_knocked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as told:
        asked = lead(monkeypatch, "127.0.0.1", int(told.url.split(":")[2].split("/")[0]))
        with pytest.raises(NoAnswer):
            post("https://tools.example.org/", b"{}", {}, may_be_near=False)

    assert asked == ["tools.example.org"], "it is looked up once, and what was found is what counts"
    assert told.posts == []


def test_the_other_end_is_looked_at_again_once_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A route or a proxy that leads a public number to this machine."""
    with receiver() as told:
        port = int(told.url.split(":")[2].split("/")[0])
        lead(monkeypatch, "93.184.216.34", port)
        connect = socket.socket.connect

        class Misled(socket.socket):
            def connect(self, _where: Any) -> None:
                connect(self, ("127.0.0.1", port))

        monkeypatch.setattr(outgoing.socket, "socket", Misled)
        with pytest.raises(NoAnswer):
            post("https://tools.example.org/", b"{}", {}, may_be_near=False)

    assert told.posts == []


def test_a_receiver_without_a_certificate_for_its_name_gets_nothing() -> None:
    with receiver() as told, pytest.raises(NoAnswer):
        post(told.url.replace("http:", "https:"), b"{}", {}, may_be_near=True)

    assert told.posts == []


def test_an_answer_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "WHOLE_TIME", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def trickle() -> None:
            connection, _where = server.accept()
            with connection:
                connection.recv(4096)
                while not done.is_set():
                    try:
                        connection.send(b"H")
                    except OSError:
                        return
                    time.sleep(0.05)

        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        with pytest.raises(NoAnswer):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, may_be_near=True)
        done.set()
        thread.join(5)
        assert not thread.is_alive()


def test_of_an_endless_answer_only_the_status_is_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sent = []

        def pour() -> None:
            connection, _where = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                try:
                    while len(sent) < 10_000:
                        connection.sendall(b"x" * 65536)
                        sent.append(65536)
                except OSError:
                    return

        thread = threading.Thread(target=pour, daemon=True)
        thread.start()
        assert post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, may_be_near=True) == 200
        thread.join(5)

    assert len(sent) < 10_000


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with receiver() as told:
        assert post(told.url, b"{}", {}, may_be_near=True) == 204
