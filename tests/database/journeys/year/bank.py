"""A bank that knows nothing of fundapp: it reads the files it is given, keeps accounts, and answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

SCHEMA_FILE = Path(__file__).parents[3] / "payment_file" / "pain.001.001.03.xsd"
ORDER = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"
ANSWER = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"


@dataclass(frozen=True)
class Paid:
    reference: str
    pence: int
    account: str  # sort code and number


@dataclass
class Bank:
    """`accounts`: what has arrived, in pence."""

    schema: etree.XMLSchema = field(default_factory=lambda: etree.XMLSchema(etree.parse(str(SCHEMA_FILE))))
    accounts: Counter[str] = field(default_factory=Counter)
    references: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    knows_not: set[str] = field(default_factory=set)  # accounts to which it cannot pay
    sent_back: list[Paid] = field(default_factory=list)

    def take(self, content: bytes) -> tuple[str, list[Paid]]:
        """Pays, and says what. A file whose sums are wrong, or that was given before, is a fault."""
        document = etree.fromstring(content)
        self.schema.assertValid(document)
        order = _text(document, "GrpHdr/MsgId")
        assert order not in self.orders, "the same file twice"
        self.orders.add(order)
        lines = [self._line(each) for each in document.iter(f"{ORDER}CdtTrfTxInf")]
        assert _pence(_text(document, "GrpHdr/CtrlSum")) == sum(line.pence for line in lines)
        assert int(_text(document, "GrpHdr/NbOfTxs")) == len(lines)
        for line in lines:
            assert line.reference not in self.references, "the same payment twice"
            self.references.add(line.reference)
            if line.account in self.knows_not:
                self.sent_back.append(line)
            else:
                self.accounts[line.account] += line.pence
        return self._answer(order, lines), [line for line in lines if line.account not in self.knows_not]

    def _line(self, part: etree._Element) -> Paid:
        pence = _pence(_text(part, "Amt/InstdAmt"))
        sort_code = _text(part, "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId")
        return Paid(_text(part, "PmtId/EndToEndId"), pence, sort_code + _text(part, "CdtrAcct/Id/Othr/Id"))

    def _answer(self, order: str, lines: list[Paid]) -> str:
        """pain.002, one status for each payment."""
        parts = "".join(
            f"<TxInfAndSts><OrgnlEndToEndId>{escape(line.reference)}</OrgnlEndToEndId>{self._status(line)}"
            f'<OrgnlTxRef><Amt><InstdAmt Ccy="GBP">{line.pence / 100:.2f}</InstdAmt></Amt></OrgnlTxRef>'
            "</TxInfAndSts>"
            for line in lines
        )
        group = f"<OrgnlGrpInfAndSts><OrgnlMsgId>{order}</OrgnlMsgId></OrgnlGrpInfAndSts>"
        about = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{order}</OrgnlPmtInfId>{parts}</OrgnlPmtInfAndSts>"
        return f'<Document xmlns="{ANSWER}"><CstmrPmtStsRpt>{group}{about}</CstmrPmtStsRpt></Document>'

    def _status(self, line: Paid) -> str:
        if line.account in self.knows_not:
            return "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
        return "<TxSts>ACSC</TxSts>"


def _text(part: etree._Element, path: str) -> str:
    found = next(iter(part.iterfind(".//" + "/".join(f"{ORDER}{name}" for name in path.split("/")))))
    return str(found.text)


def _pence(text: str) -> int:
    pounds, _point, pence = text.partition(".")
    return int(pounds) * 100 + int(pence.ljust(2, "0") or 0)
