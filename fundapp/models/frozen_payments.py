"""What the database itself refuses once a batch of payments is approved, whoever asks."""

from __future__ import annotations

from fundapp.models.row_guards import Guards, guard_rows

BATCH_CHANGED = " OR ".join(
    f"NEW.{name} IS DISTINCT FROM OLD.{name}"
    for name in (
        "call_id",
        "pay_on",
        "made_by_id",
        "approved_by_id",
        "approved_at",
        "fund_account_id",
        "total",
        "file_digest",
        "csv_digest",
    )
)
LINE_CHANGED = " OR ".join(
    f"NEW.{name} IS DISTINCT FROM OLD.{name}"
    for name in ("batch_id", "instalment_id", "bank_account_id", "amount", "reference")
)
LINE_STEP = (
    "NEW.status <> OLD.status AND NOT (OLD.status = 'listed' AND NEW.status IN ('sent', 'dropped')"
    " OR OLD.status = 'sent' AND NEW.status IN ('paid', 'returned')"
    " OR OLD.status = 'paid' AND NEW.status = 'returned')"
)
BATCH_IS_CLOSED = "(SELECT status FROM payment_batch WHERE id = NEW.batch_id) <> 'open'"
PAID_CHANGED = (
    "OLD.status = 'paid' AND (NEW.amount <> OLD.amount OR NEW.award_id <> OLD.award_id"
    " OR NEW.number <> OLD.number)"
)

GUARDS: Guards = {
    "payment_batch_frozen": ("payment_batch", "UPDATE", f"OLD.status <> 'open' AND ({BATCH_CHANGED})"),
    "payment_batch_kept": ("payment_batch", "DELETE", "1 = 1"),
    "payment_line_frozen": ("payment_line", "UPDATE", f"{LINE_CHANGED} OR {LINE_STEP}"),
    "payment_line_kept": ("payment_line", "DELETE", "1 = 1"),
    "payment_line_added": ("payment_line", "INSERT", BATCH_IS_CLOSED),
    "instalment_paid_frozen": ("instalment", "UPDATE", PAID_CHANGED),
    "instalment_paid_kept": ("instalment", "DELETE", "OLD.status = 'paid'"),
}

guard_rows(GUARDS)
