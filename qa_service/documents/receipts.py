"""送达回证: the rows of a receipt, at the end of a notice or on a sheet of its own; what a hand fills in is blank."""

from qa_service.documents.content import Receipt
from qa_service.documents.printable import printable


def receipt_rows(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    return (
        ("送达文书", printable(receipt.document)),
        ("受送达人", printable(receipt.recipients)),
        ("送达方式", "□直接送达　□邮寄送达　□电子送达\n□留置送达　□其他"),
        ("送达时间", "　　　　年　　月　　日　　时"),
        ("送达地点", ""),
        ("收件人签名或盖章", ""),
        ("代收人签名及与受送达人关系", ""),
        ("送达人签名", ""),
        ("备注", ""),
    )
