"""What every answer tells the browser: run nothing foreign, show nothing elsewhere, keep nothing."""

from __future__ import annotations

import base64
import hashlib

from flask import Flask, Response, g, request

from fundapp.settings import Settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # no-referrer would make browsers hide the origin of our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
RECORDS = "camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), browsing-topics=()"
STATIC_SECONDS = 3600
SAME_FOR_ALL = frozenset({"static", "worker.worker"})
# What a search engine may show; every other page is for those who are on their way through the service.
MAY_BE_FOUND = frozenset(
    f"public.{page}"
    for page in (
        "home",
        "call_page",
        "questions_page",
        "help_page",
        "codesign_page",
        "topic_page",
        "decisions_page",
        "results_page",
        "openness_page",
        "safety_page",
        "accessibility_page",
        "privacy_page",
    )
)
HSTS = "max-age=63072000; includeSubDomains"


def allow_recording() -> None:
    """This one page may ask for microphone and camera, and play what it has recorded before it is sent."""
    g.records = True


def content_security_policy(stylesheets: dict[str, str], *, records: bool = False) -> str:
    digests = [
        base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in stylesheets.values()
    ]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["style-src", *(f"'sha256-{digest}'" for digest in digests)]),
            "script-src 'self'",
            "img-src 'self' data:",
            "media-src 'self' blob:" if records else "media-src 'self'",
            "worker-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ]
    )


def init_security_headers(app: Flask, settings: Settings, stylesheets: dict[str, str]) -> None:
    policy = content_security_policy(stylesheets)
    policy_to_record = content_security_policy(stylesheets, records=True)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        if g.get("records"):
            response.headers["Permissions-Policy"] = RECORDS
            response.headers["Content-Security-Policy"] = policy_to_record
        response.headers.setdefault("Content-Security-Policy", policy)  # files have a stricter one
        if request.endpoint not in SAME_FOR_ALL or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        if request.endpoint not in MAY_BE_FOUND:
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        # asked of the address used, so that an onion address beside an ordinary one stays without
        if settings.is_production and not _host().endswith(".onion"):
            response.headers["Strict-Transport-Security"] = HSTS
        return response


def _host() -> str:
    return (request.headers.get("Host") or "").partition(":")[0].lower()
