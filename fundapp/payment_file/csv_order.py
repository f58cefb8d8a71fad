"""A payment order as CSV, for banks that take no ISO 20022."""

from __future__ import annotations

import csv
import io

from fundapp.payment_file.order import Order

COLUMNS = ("reference", "name", "sort_code", "account_number", "amount_gbp", "pay_on")


def write_csv(order: Order) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in order.transfers:
        writer.writerow(
            (
                each.reference,
                each.to.plain_name,
                each.to.sort_code,
                each.to.number,
                f"{each.amount:.2f}",
                order.pay_on.isoformat(),
            )
        )
    return text.getvalue().encode()
