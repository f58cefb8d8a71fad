"""What the database itself refuses once an agreement was written or a plan was agreed, whoever asks."""

from __future__ import annotations

from fundapp.models.row_guards import Guards, guard_rows

SIGNATURE_CHANGED = " OR ".join(
    f"NEW.{name} IS DISTINCT FROM OLD.{name}"
    for name in ("id", "text_id", "side", "user_id", "role", "digest", "language", "signed_at")
)
NAME_CHANGED = "NEW.name <> OLD.name AND NEW.name <> ''"  # an erased person leaves no name
OTHER_TEXT = "NEW.digest IS DISTINCT FROM (SELECT digest FROM agreement_text WHERE id = NEW.text_id)"


GUARDS: Guards = {
    "agreement_text_frozen": ("agreement_text", "UPDATE", "1 = 1"),
    "agreement_text_kept": ("agreement_text", "DELETE", "1 = 1"),
    "agreement_signature_same_text": ("agreement_signature", "INSERT", OTHER_TEXT),
    "agreement_signature_frozen": (
        "agreement_signature",
        "UPDATE",
        f"{SIGNATURE_CHANGED} OR {NAME_CHANGED}",
    ),
    "agreement_signature_kept": ("agreement_signature", "DELETE", "1 = 1"),
    "grant_version_frozen": ("grant_version", "UPDATE", "1 = 1"),
    "grant_version_kept": ("grant_version", "DELETE", "1 = 1"),
    "grant_version_line_frozen": ("grant_version_line", "UPDATE", "1 = 1"),
    "grant_version_line_kept": ("grant_version_line", "DELETE", "1 = 1"),
    "variation_line_frozen": ("variation_line", "UPDATE", "1 = 1"),
    "variation_line_kept": ("variation_line", "DELETE", "1 = 1"),
}

guard_rows(GUARDS)
