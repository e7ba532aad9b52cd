"""Where a text says that artificial intelligence is used: terms, less what only looks like them.

The contract: AI, an algorithm, machine vision, a prediction or large model, used for the scene.
Denied and planned uses do not count, nor AI as somebody's product or name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.extract.sentences import Piece, negated, plan_scope

AI_TERM = re.compile(
    r"人工智能|(?<![A-Za-z])AI(?![A-Za-z])|AIGC|机器视觉|计算机视觉|视觉(?:AI|识别|检测|质检|算法|大模型|模型|引导|定位|分析|系统|相机|感知)|(?:智能|AI|深度)视觉|"
    r"图像(?:智能)?(?:识别|分割|算法)|人脸识别|语音识别|深度学习|机器学习|强化学习|迁移学习|无监督学习|联邦学习|神经网络|卷积网络|随机森林|支持向量机|决策树|XGBoost|LSTM|YOLO|Transformer|GPT|DeepSeek|"
    r"大模型|大语言模型|(?<!标准)算法|智能体|专家系统|自然语言处理|具身智能|生成式设计|创成式设计|"
    r"(?:预测|预警|预判|识别|寻优|推荐|诊断|优化|决策|推理|检测|智能|排产|调度|检品)(?:性)?模型(?!预测控制)|(?:应用|采用|利用|运用|开展|基于|融合)(?:了)?[^，。；]{0,12}(?:需求|销量|负荷|寿命|质量|故障|能耗|价格|缺陷|库存|性能|趋势|产量|交期|风险)预测|模型预测(?!控制)|预测性维[护修](?:模型|算法)|预测算法|自学习|声纹识别|智能识别|(?:小|专用|自研|预训练|行业|工业|专家)模型|训练[^，。；]{0,6}模型|模型(?:自动|实时|盯着|判断|推荐|给出|学习|训练|计算出|算出)|电子眼|(?:摄像头|相机|摄像机)[^，。；]{0,12}(?:识别|认出|判断|判定|看出)|软测量"
)
# What contains such a term and is not a use of it: names, products, staff, policy slogans.
_LOOKALIKE = re.compile(
    r"AI服务器|AI芯片|AI手机|AI算力需求|人工智能(?:有限|科技|股份|产业|企业|公司|学院|芯片|专业|研究院|实验室|人才|工程师|大会|领域|服务器)|AI(?:公司|企业|产业|人才|团队|实验室|研究院)|[“\"]人工智能\+[”\"]|算法(?:工程师|团队|人员|岗位|公司)|质量预测不|数字化大模型产业"
)


def terms(text: str, pieces: Iterable[Piece]) -> list[Piece]:
    """Return where AI is said to be used in the given stretches, denied and planned uses left out."""
    found: list[Piece] = []
    for piece in pieces:
        lookalikes = [match.span() for match in _LOOKALIKE.finditer(text, piece.start, piece.end)]
        for match in AI_TERM.finditer(text, piece.start, piece.end):
            start, end = match.span()
            if any(a <= start and end <= b for a, b in lookalikes):
                continue
            if not negated(text, start, end) and not plan_scope(text, start, end):
                found.append(Piece(start, end))
    return found


def leading(text: str, sentence: Piece, before: int) -> list[Piece]:
    """Return the AI terms that introduce a list of scenes (应用人工智能的场景包括：…)."""
    return terms(text, [Piece(sentence.start, before)]) if sentence.start < before else []
