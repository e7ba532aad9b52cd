"""The four elements of a scene in its text: activity, system, technique, effect.

First the catalogue's own words for the scene, then what the grammar of such texts gives: names
that end in 系统 or 机器人, techniques behind 应用 and 基于, effects behind 实现 and 提升.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.document import Document
from assistant.extract.sentences import Piece, clauses, negated, plan_scope
from assistant.policy import CatalogScene
from assistant.records import SceneElements, Span

_MOST = 6
_SYSTEM_END = re.compile(
    r"(?:系统|平台|软件|机器人|机械手|机械臂|装备|工作站|生产线|产线|立体仓库|立体库|立库|堆垛机|穿梭车|看板|驾驶舱|中台|数据湖|传感器|控制器|工控机|相机|摄像头|终端|网关|专网|环网|服务器|数据中心|知识库|数据库|模型库|专家库|规则库|工艺包|工具|装置|设备|仪表|仪器|检测仪|小车|叉车|无人车|机床|加工中心|单元|大屏|模块|电表|智能体|防火墙|眼镜|(?<![A-Za-z])(?:MES|ERP|WMS|APS|QMS|PLM|PDM|CAD|CAE|CAPP|CAM|SCADA|DCS|PLC|AGV|AMR|RGV|SRM|CRM|TMS|EMS|LIMS|EAM|SCM|BIM|BI|RPA|UWB|DNC|MDC|WCS|LES|AOI)(?![A-Za-z]))"
)
_SYSTEM_CUT = re.compile(
    r"部署|建设|建成|搭建|引入|引进|采用|应用|通过|上线|基于|利用|使用|依托|开发|研发|构建|建立|实现|集成|打通|配备|配置|安装|购置|打造|运用|借助|接入|投入|自建|改造|形成|对接|连接|联动|设置|布置|布设|替代|代替|升级|启用|自主|以及|由|及|与|和|将|对|在|等|以|把|用|从|向|到|至|被|了|的|为|并|、|，|。|；|：|:|“|”|（|）|\(|\)|《|》|\s|\d+(?:台|套|条|个|余)(?:套)?|[一两三四五六七八九十]+(?:台|套|条|个)"
)
# A bare class word names no system (设备, 系统, 产线 …).
_BARE = frozenset(
    [
        "系统",
        "平台",
        "软件",
        "装备",
        "设备",
        "装置",
        "生产线",
        "产线",
        "终端",
        "工具",
        "单元",
        "模块",
        "机床",
        "该系统",
        "本系统",
        "各系统",
        "该平台",
        "本平台",
        "该设备",
        "生产设备",
        "关键设备",
        "主要设备",
        "信息系统",
        "数据库",
        "仪器",
        "仪表",
        "服务器",
        "各设备",
        "上述系统",
        "所有设备",
        "此系统",
    ]
)
_TECHNIQUE = re.compile(
    r"(?:应用|采用|基于|融合|利用|运用|集成|结合|借助|通过|引入|依托|建立|构建|训练|搭建|开发)(?:了|出)?([^，。；、：\s]{2,24}?(?:技术|算法|模型|方法|算法模型|工艺包|协议))"
    r"|((?:5G|RFID|二维码|条码|物联网|大数据|云计算|边缘计算|区块链|数字孪生|机器视觉|深度学习|机器学习|知识图谱|人工智能|大模型|强化学习|遗传算法|神经网络|虚拟仿真|有限元|振动分析|统计过程控制|SPC|模型预测控制|激光导航|SLAM|UWB|图像识别|声纹识别|标识解析|射频识别|AR|VR|数据挖掘|协同过滤|负荷预测|根因分析|FMEA|六西格玛|价值流|BIM|OPC ?UA|时间敏感网络|TSN|隐私计算|自然语言处理|路径规划|多目标优化|运筹优化|混合建模)(?:技术|算法|模型)?)"
)
_EFFECT = re.compile(
    r"^(?:从而|并|进而|可|能够|有效|最终|使|让|成功|显著|大幅|已|全面|基本|初步)*(?:实现|提升|提高|降低|缩短|减少|节约|避免|达到|确保|保障|改善|节省|杜绝|压缩|增强)|(?:提升|提高|降低|缩短|减少|下降|增长|节约|压缩|达到|达|降至|提升至|提高到|缩短至|节省)(?:了|至|到|约|近|超过?)*\d"
)


def _spans(document: Document, places: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(places), key=lambda place: (place[0], -place[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(document.span(start, end) for start, end in kept[:_MOST])


def _systems(text: str, piece: Piece) -> list[tuple[int, int]]:
    found = []
    for match in _SYSTEM_END.finditer(text, piece.start, piece.end):
        start = max(piece.start, match.end() - 18)
        for cut in _SYSTEM_CUT.finditer(text, start, match.start()):
            start = cut.end()
        name = text[start : match.end()].strip()
        if (len(name) >= 3 and name not in _BARE) or (name.isascii() and len(name) >= 2):
            found.append((match.end() - len(name), match.end()))
    return found


def _techniques(text: str, piece: Piece) -> list[tuple[int, int]]:
    return [
        match.span(1) if match.group(1) else match.span(2)
        for match in _TECHNIQUE.finditer(text, piece.start, piece.end)
    ]


def _effects(text: str, piece: Piece) -> list[tuple[int, int]]:
    return [
        (clause.start, clause.end)
        for clause in clauses(text, *piece)
        if clause.end - clause.start >= 6 and _EFFECT.search(text[clause.start : clause.end])
    ]


def _quoted(text: str, pieces: Sequence[Piece], words: Sequence[str]) -> list[tuple[int, int]]:
    found = []
    for piece in pieces:
        for word in words:
            at = text.find(word, piece.start, piece.end)
            if at >= 0:
                found.append((at, at + len(word)))
    return found


def find(
    document: Document, pieces: Sequence[Piece], scene: CatalogScene, activity: Sequence[tuple[int, int]] = ()
) -> SceneElements:
    """Return the elements that the given sentences name, at most six of a kind, in reading order.

    Args:
        document: the document.
        pieces: the sentences that speak of the scene as built.
        scene: the catalogue scene, whose own words are looked for first.
        activity: places that are known to name the scene's business activity.
    """
    text = document.text
    said = [piece for piece in pieces if piece.end > piece.start]

    def known(kind: str) -> list[tuple[int, int]]:
        return _quoted(text, said, scene.elements.get(kind, ()))

    return SceneElements(
        activity=_spans(document, [*known("activity"), *activity]),
        system=_spans(document, _real(text, [place for p in said for place in _systems(text, p)])),
        technique=_spans(
            document, _real(text, [*known("technique"), *(x for p in said for x in _techniques(text, p))])
        ),
        effect=_spans(document, _real(text, [place for p in said for place in _effects(text, p)])),
    )


def _real(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out what is denied or planned."""
    return [
        place for place in places if not negated(text, *place) and not plan_scope(text, place[0], place[1])
    ]
