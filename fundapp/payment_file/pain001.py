"""A payment order as ISO 20022 pain.001.001.03, for pounds within the United Kingdom."""

from __future__ import annotations

from datetime import UTC
from xml.etree import ElementTree as xml

from fundapp.payment_file.order import Account, Order, Transfer

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"


def write_pain001(order: Order) -> bytes:
    document = xml.Element("Document", xmlns=NAMESPACE)
    root = xml.SubElement(document, "CstmrCdtTrfInitn")
    number, total = str(len(order.transfers)), f"{order.total:.2f}"
    header = xml.SubElement(root, "GrpHdr")
    _texts(header, MsgId=order.id, CreDtTm=order.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _texts(header, NbOfTxs=number, CtrlSum=total)
    _texts(xml.SubElement(header, "InitgPty"), Nm=order.pay_from.plain_name)
    payment = xml.SubElement(root, "PmtInf")
    _texts(payment, PmtInfId=order.id, PmtMtd="TRF", NbOfTxs=number, CtrlSum=total)
    _texts(payment, ReqdExctnDt=order.pay_on.isoformat())
    _texts(xml.SubElement(payment, "Dbtr"), Nm=order.pay_from.plain_name)
    _account(payment, "DbtrAcct", order.pay_from)
    _agent(payment, "DbtrAgt", order.pay_from)
    for transfer in order.transfers:
        _transfer(payment, transfer)
    xml.indent(document)
    made: bytes = xml.tostring(document, encoding="UTF-8", xml_declaration=True)
    return made + b"\n"


def _transfer(payment: xml.Element, transfer: Transfer) -> None:
    part = xml.SubElement(payment, "CdtTrfTxInf")
    _texts(xml.SubElement(part, "PmtId"), InstrId=transfer.reference, EndToEndId=transfer.reference)
    amount = xml.SubElement(xml.SubElement(part, "Amt"), "InstdAmt", Ccy="GBP")
    amount.text = f"{transfer.amount:.2f}"
    _agent(part, "CdtrAgt", transfer.to)
    _texts(xml.SubElement(part, "Cdtr"), Nm=transfer.to.plain_name)
    _account(part, "CdtrAcct", transfer.to)
    _texts(xml.SubElement(part, "RmtInf"), Ustrd=transfer.reference)


def _agent(parent: xml.Element, name: str, account: Account) -> None:
    """The bank, by its sort code."""
    institution = xml.SubElement(xml.SubElement(parent, name), "FinInstnId")
    member = xml.SubElement(institution, "ClrSysMmbId")
    _texts(xml.SubElement(member, "ClrSysId"), Cd="GBDSC")
    _texts(member, MmbId=account.sort_code)


def _account(parent: xml.Element, name: str, account: Account) -> None:
    other = xml.SubElement(xml.SubElement(xml.SubElement(parent, name), "Id"), "Othr")
    _texts(other, Id=account.number)


def _texts(parent: xml.Element, **texts: str) -> None:
    for name, text in texts.items():
        xml.SubElement(parent, name).text = text
