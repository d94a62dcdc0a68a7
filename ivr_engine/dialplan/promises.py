"""This file decides whether words hold a promise, however they are written. It does not know who says them."""

import unicodedata
from collections.abc import Iterable

# Traditional characters that promises are made of: people copy texts from elsewhere.
_SIMPLIFIED = str.maketrans(
    "額賠償證補費換貨雙諾質貸購後還給與傭禮獎勵減價優無條資損負責擔絕對萬億現場當內問題產號請務錢單買賣個這終"
    "維修護險約開發訂檢驗處環機構醫藥療傷殘養老兒師",
    "额赔偿证补费换货双诺质贷购后还给与佣礼奖励减价优无条资损负责担绝对万亿现场当内问题产号请务钱单买卖个这终"
    "维修护险约开发订检验处环机构医药疗伤残养老儿师",
)


def promises_in(texts: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    """Which of these words the texts hold, however they are written."""
    plain = [_plain(text) for text in texts]
    return tuple(word for word in dict.fromkeys(words) if (one := _plain(word)) and any(one in text for text in plain))


def _plain(text: str) -> str:
    """Letters and digits alone: in one width and case, simplified."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)
    return "".join(char for char in folded if char.isalnum())
