"""`fundapp bank-numbers …`: what a fund pays from, and a new key for the numbers in the database."""

from __future__ import annotations

import click

from forms.base import PlainData
from forms.pages.bank import AccountForm
from fundapp.cli.staff import fund_option
from fundapp.cli.things import find_fund, our_app
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.queries.bank_accounts import Numbers
from fundapp.sealing import CannotOpen
from fundapp.services.bank_accounts import seal_again
from fundapp.services.payment_batches import set_fund_account
from fundapp.services.webhooks import seal_secrets_again


@click.group(name="bank-numbers")
def bank_numbers() -> None:
    """The bank numbers of groups, sealed in the database."""


@bank_numbers.command(name="seal-again")
def seal_again_command() -> None:
    """Seal everything with FUNDAPP_BANK_KEY that FUNDAPP_BANK_KEY_BEFORE still opens."""
    try:
        with our_app(), unit_of_work():
            number = seal_again(now=utcnow()) + seal_secrets_again()
    except CannotOpen as error:
        raise click.ClickException(
            "Some numbers open with neither key. Nothing was changed. Set FUNDAPP_BANK_KEY_BEFORE."
        ) from error
    click.echo(f"Sealed again: {number}. FUNDAPP_BANK_KEY_BEFORE is not needed any more.")


@bank_numbers.command(name="pay-from")
@click.option("--name", prompt="Name on the account")
@click.option("--sort-code", prompt="Sort code", hide_input=True)
@click.option("--number", prompt="Account number", hide_input=True)
@fund_option
def pay_from(name: str, sort_code: str, number: str, fund_code: str | None) -> None:
    """Say what a fund pays from; asks for the numbers, so that no shell keeps them."""
    form = AccountForm(PlainData({"name": name, "sort_code": sort_code, "number": number}))
    if not form.validate():
        raise click.ClickException(" ".join(str(words) for _where, words in form.error_list()))
    with our_app(), unit_of_work():
        fund = find_fund(fund_code)
        numbers = Numbers(form.name.data, form.sort_code.data, form.number.data)
        account = set_fund_account(fund, numbers, now=utcnow())
        click.echo(f"{fund.name} pays from its account ending in {account.last_digits}.")
