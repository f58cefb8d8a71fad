"""One POST to an address that somebody typed: to the open internet over TLS, once, shortly, and no further.

What a name leads to is looked up here and the connection goes to that very address, so that a name which
leads elsewhere a moment later leads nowhere. No redirections, no proxies, and of the answer only its status.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

EACH_WAIT, WHOLE_TIME = 5.0, 15.0  # seconds; well inside the lease of the job that sends
LONGEST_ADDRESS = 500
LOOPBACK_NAMES = ("127.0.0.1", "::1", "localhost")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
ASSIGNED = ipaddress.ip_network("2000::/3")  # all that is given out of IPv6: nothing else is on the internet
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BadAddress(Exception):
    """Not an address that may be written to at all."""


class NoAnswer(Exception):
    """Away, too slow, not who it says, or inside a network that is not ours to knock at."""


def checked_address(url: str, *, may_be_near: bool) -> SplitResult:
    """`may_be_near`: this machine itself may be written to, also without TLS. Raises BadAddress."""
    if len(url) > LONGEST_ADDRESS or not url.isascii() or any(ord(each) <= 32 for each in url):
        raise BadAddress
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddress from error
    is_near = may_be_near and host in LOOPBACK_NAMES
    if not host or port == 0 or parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress
    if parts.scheme != "https" and not (is_near and parts.scheme == "http"):
        raise BadAddress
    if not is_near and _is_closed_name(host):
        raise BadAddress
    return parts


def _is_closed_name(host: str) -> bool:
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return "." not in host.rstrip(".") or host.rstrip(".").endswith((".localhost", ".local", ".internal"))


def is_public(address: Address) -> bool:
    """On the open internet, also what an address in another one's clothes leads to."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None and address.teredo is not None:
            return False
        if inner is not None:
            return is_public(inner)
        if address not in ASSIGNED:
            return False
    return address.is_global and not address.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str], *, may_be_near: bool) -> int:
    """The status of the answer. Raises BadAddress and NoAnswer."""
    parts = checked_address(url, may_be_near=may_be_near)
    connection = _Connection(parts, may_be_near=may_be_near)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    late = threading.Timer(WHOLE_TIME, connection.cut)
    late.daemon = True
    late.start()
    try:
        connection.request("POST", path, body=body, headers={**headers, "Connection": "close"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(type(error).__name__) from None
    finally:
        late.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    """To the first address of the name that answers, each looked at before and the peer after."""

    def __init__(self, parts: SplitResult, *, may_be_near: bool) -> None:
        self._is_safe = parts.scheme == "https"
        port = parts.port or (443 if self._is_safe else 80)
        super().__init__(parts.hostname or "", port, timeout=EACH_WAIT)
        self.default_port = 443 if self._is_safe else 80
        self._may_be_near = may_be_near
        self._open: socket.socket | None = None

    def connect(self) -> None:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        wanted = [each for each in found if self._may_reach(str(each[4][0]))]
        if not wanted:
            raise OSError("nothing of it is on the open internet")
        failed: OSError | None = None
        for family, kind, protocol, _name, where in wanted[:2]:
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(EACH_WAIT)
            self._open = opened
            try:
                opened.connect(where)
                self._look_at_peer(opened)
                self.sock = self._wrapped(opened)
                return
            except OSError as error:
                opened.close()
                failed = error
        raise failed or OSError("no address")

    def cut(self) -> None:
        """When the whole takes too long: whatever is being waited for ends at once."""
        if self._open is not None:
            try:
                self._open.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._open.close()

    def _wrapped(self, opened: socket.socket) -> socket.socket:
        if not self._is_safe:
            return opened
        wrapped = ssl.create_default_context().wrap_socket(opened, server_hostname=self.host)
        self._open = wrapped
        return wrapped

    def _look_at_peer(self, opened: socket.socket) -> None:
        if not self._may_reach(str(opened.getpeername()[0])):
            raise OSError("not on the open internet")

    def _may_reach(self, number: str) -> bool:
        address = ipaddress.ip_address(number.partition("%")[0])
        return is_public(address) or (self._may_be_near and address.is_loopback)
