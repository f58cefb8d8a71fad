"""Pages are small on the wire, also where no proxy compresses them."""

from __future__ import annotations

import gzip

import pytest

MOST_BYTES = 10_000


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_home_page_is_compressed_for_browsers_that_can_read_it(client, language):
    plain = client.get(f"/{language}/")
    packed = client.get(f"/{language}/", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) <= MOST_BYTES
    assert len(gzip.decompress(packed.data)) == len(plain.data)


def test_browser_that_prefers_brotli_gets_it(client):
    packed = client.get("/en/", headers={"Accept-Encoding": "gzip, deflate, br"})

    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) <= MOST_BYTES


def test_pages_that_refuse_something_are_compressed_too(client):
    packed = client.get("/en/nothing-here", headers={"Accept-Encoding": "br"})

    assert (packed.status_code, packed.headers["Content-Encoding"]) == (404, "br")
    assert len(packed.data) <= MOST_BYTES
