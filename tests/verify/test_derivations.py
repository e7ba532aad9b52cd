"""Numbers that follow from the evidence, and numbers that only look as if they did."""

from __future__ import annotations

import pytest

from assistant.verify.arithmetic import compare_numbers
from assistant.verify.quantities import find_clocks, find_quantities


def outcomes(claim: str, evidence: str) -> set[str]:
    return {v.outcome for v in compare_numbers(claim, evidence)}


FOLLOWS = [
    ("两处共装了72台终端。", "冲压车间装了45台终端，涂装车间装了27台终端。"),
    ("其余的由外协完成，为130件。", "本月共加工480件，其中自制350件。"),
    ("三条线中有两条已接入，占三分之二。", "工厂现有3条线，已接入2条。"),
    ("平均每月产出50吨。", "全年产出600吨。"),
    ("每月摊下来是2万元。", "平台服务费每年24万元。"),
    ("1至6月平均每月派单200张。", "2024年1月至6月派单1200张。"),
    ("每小时产量多了25%。", "单件节拍由50秒缩短到40秒。"),
    ("两套装置合起来每天少报警300次。", "一套报警由日均400次降到200次，二套由日均250次降到150次。"),
    ("项目从立项到验收用了9个月。", "项目2023年2月立项，2023年11月验收。"),
    ("从断电到恢复只有6分钟。", "14:05断电，14:11恢复供电。"),
    ("单耗比去年同日低一成二。", "当日单耗0.110千瓦时，去年同日0.125。"),
    ("废品率累计下降了0.9个百分点。", "废品率（%）：2021年3.1，2022年2.6，2023年2.2。"),
    ("每五台里有四台接入了系统。", "现有设备20台，已接入16台。"),
    ("换单时间压缩三分之一。", "换单从四十五分钟压到半个小时。"),
    ("审核用时减少一半以上。", "审核由6个工作日减到2.5个。"),
    ("一年可省电270多万千瓦时。", "改造前年用电1500万千瓦时，标定节电率18.4%。"),
    ("不足全部物料的一成。", "关键物料214种，其中亮红灯19种。"),
    ("印刷不良降低近三分之二。", "印刷不良由320 PPM降到110 PPM。"),
]
DOES_NOT = [
    ("两处共装了80台终端。", "冲压车间装了45台终端，涂装车间装了27台终端。"),
    ("每班减少4人。", "操作工从每班11人降至4人，由7台机器人替代。"),
    ("单耗下降两成。", "当日单耗0.110千瓦时，去年同日0.125。"),
    ("从断电到恢复只有5分钟。", "14:05断电，14:11恢复供电。"),
    ("项目从立项到验收用了5个月。", "项目2023年2月立项，2023年11月验收。"),
    ("合格率提高了三成。", "合格率由95%提高到98%。"),
    ("每小时产量多了两成。", "单件节拍由50秒缩短到40秒。"),
    ("审核用时减少七成。", "审核由6个工作日减到2.5个。"),
]


@pytest.mark.parametrize(("claim", "evidence"), FOLLOWS)
def test_it_follows(claim: str, evidence: str) -> None:
    assert outcomes(claim, evidence) <= {"match", "derived"}


@pytest.mark.parametrize(("claim", "evidence"), DOES_NOT)
def test_it_does_not_follow(claim: str, evidence: str) -> None:
    assert outcomes(claim, evidence) - {"match", "derived"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("用时1分50秒。", [110.0]),
        ("2023-04签约，2023.11终验。", []),
        ("1. 首件检验；2. 巡检。", []),
        ("检出率为99.2%，偏差2σ收窄。", [99.2]),
        ("产量1,240件。", [1240.0]),
        ("耗水（立方米）：3.9，3.2", [3.9, 3.2]),
        ("由1.12升到1.51", [1.12, 1.51]),
    ],
)
def test_quantities_of_tables_clocks_and_lists(text: str, values: list[float]) -> None:
    assert [q.value for q in find_quantities(text)] == values


def test_clock_times_are_minutes_of_the_day() -> None:
    assert find_clocks("08:40停机，14:10恢复，编号12:345") == (520, 850)


def test_many_figures_are_judged_in_a_moment() -> None:
    row = "，".join(f"{n}号线{n * 7}台、{n * 3}人、{n}%" for n in range(1, 60))
    assert len(compare_numbers("合计共有500台，占三成，平均每月2万元。", row)) == 3
