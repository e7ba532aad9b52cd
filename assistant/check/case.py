"""The record under check, with the policy context and what several rules derive from it once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from assistant.check.placing import Placed, place
from assistant.policy import Policy
from assistant.records import (
    Application,
    Conduct,
    Declaration,
    Enterprise,
    FormFacts,
    KpiClaim,
    Span,
    Tier,
)

_NO_APPLICATION = Application()
_NO_ENTERPRISE = Enterprise()
_NO_CONDUCT = Conduct()
_NO_FORM = FormFacts()


@dataclass(frozen=True)
class Case:
    """One declaration in one policy context; sections that the record lacks read as all-None."""

    declaration: Declaration
    policy: Policy
    jurisdiction: str | None
    tier: Tier | None
    as_of: date | None
    catalog: str
    shared: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def application(self) -> Application:
        """What is applied for."""
        return self.declaration.application or _NO_APPLICATION

    @cached_property
    def enterprise(self) -> Enterprise:
        """Who applies."""
        return self.declaration.enterprise or _NO_ENTERPRISE

    @cached_property
    def conduct(self) -> Conduct:
        """Accidents and credit of the last three years."""
        return self.declaration.conduct or _NO_CONDUCT

    @cached_property
    def form(self) -> FormFacts:
        """What the format rules look at."""
        return self.declaration.form or _NO_FORM

    @cached_property
    def placed(self) -> tuple[Placed, ...] | None:
        """The claimed scenes that are no plans, each placed in the catalogue in force; None if unknown."""
        if self.declaration.scenes is None:
            return None
        return place(self.declaration.scenes, self.policy, self.catalog, self.jurisdiction)

    @cached_property
    def kpis(self) -> tuple[tuple[int, KpiClaim], ...] | None:
        """The KPI statements that are no plans, with their index in the record; None if unknown."""
        if self.declaration.kpis is None:
            return None
        return tuple((i, kpi) for i, kpi in enumerate(self.declaration.kpis) if kpi.plan is not True)

    def evidence(self, *names: str) -> tuple[Span, ...]:
        """Return the places where these fields were read (dotted names, ``enterprise.uscc``)."""
        found = self.declaration.evidence or {}
        return tuple(span for name in names for span in found.get(name, ()))
