"""That figures within a sentence are said in its language; each row read by somebody who speaks it."""

import pytest

from ivr_engine.spoken.running import in_words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("故障已修复80%，预计18点恢复", "故障已修复百分之八十，预计18点恢复"),
        ("约3.5%～5%的用户", "约百分之三点五到百分之五的用户"),
        ("比例１２％", "比例百分之十二"),
        ("12：05起，18:30止", "十二点零五分起，十八点三十分止"),
        ("2026-11-23前", "二零二六年十一月二十三日前"),
        ("请拨400-800-1234", "请拨四零零八零零幺二三四"),
        ("13812345678、010-12345678", "幺三八幺二三四五六七八、零幺零幺二三四五六七八"),
        ("请拨10086，共12345人", "请拨幺零零八六，共12345人"),
        # What is no such thing is left alone.
        ("批次20261123A，赔100-200元", "批次20261123A，赔100-200元"),
        ("20:15:30，25:00，2025-2026年，第1/2批", "20:15:30，25:00，2025-2026年，第1/2批"),
    ],
)
def test_figures_are_written_out_in_chinese(written: str, said: str) -> None:
    assert in_words(written, "zh-CN") == said


def test_other_languages_are_left_alone() -> None:
    assert in_words("80% by 18:30, call 400-800-1234", "en") == "80% by 18:30, call 400-800-1234"
