"""What changed between two drafts: mended, new, still open."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from assistant.records import Review
from assistant.report.findings import Finding, findings

_VOLATILE = re.compile(r"[\s\d.,，。%％:：]+")


@dataclass(frozen=True)
class DraftComparison:
    """Findings of the earlier draft that are gone, of the new one that were not there, and the rest."""

    mended: tuple[Finding, ...]
    new: tuple[Finding, ...]
    still_open: tuple[Finding, ...]


def compare_drafts(earlier: Review, later: Review) -> DraftComparison:
    """Compare two drafts' findings.

    A finding is the same when it is about the same thing (topic or kind) and the same words, digits and
    punctuation aside: a corrected number that is still wrong stays open, wherever it moved in the text.
    """
    before, after = findings(earlier), findings(later)
    left = Counter(map(_identity, before))
    new: list[Finding] = []
    still: list[Finding] = []
    for finding in after:
        key = _identity(finding)
        if left[key] > 0:
            left[key] -= 1
            still.append(finding)
        else:
            new.append(finding)
    mended: list[Finding] = []
    for finding in before:
        key = _identity(finding)
        if left[key] > 0:
            left[key] -= 1
            mended.append(finding)
    return DraftComparison(tuple(mended), tuple(new), tuple(still))


def _identity(finding: Finding) -> tuple[str, str, str]:
    if finding.source == "check":
        return "check", finding.title, ""
    words = finding.spans[0].quote if finding.spans else finding.message
    return "flag", finding.title, _VOLATILE.sub("", words)[:60]
