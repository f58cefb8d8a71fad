"""Pages are small on the wire, where no proxy compresses them too."""

from __future__ import annotations

import brotli
from flask import Response, request
from flask_compress import Compress

LEVEL = 7  # higher ones cost ten times the processor time
LARGE = 30_000  # bytes; such pages are few, and on them a twelfth less is worth 15 ms of the processor
LARGE_LEVEL = 10


class CompressEveryPage(Compress):
    """The library leaves everything but success as it is; a form that comes back with its errors weighs
    as much as any page."""

    def after_request(self, response: Response | None) -> Response:
        if response is None:
            return super().after_request(response)
        if _is_large_page(response) and request.accept_encodings["br"] > 0:
            response.set_data(brotli.compress(response.get_data(), quality=LARGE_LEVEL))
            response.headers["Content-Encoding"] = "br"
        status = response.status
        if response.status_code >= 400:
            response.status_code = 200
        packed = super().after_request(response)
        packed.status = status
        return packed


def _is_large_page(response: Response) -> bool:
    is_page = response.mimetype == "text/html" and not response.is_streamed
    return is_page and "Content-Encoding" not in response.headers and (response.content_length or 0) > LARGE
