"""Which function decides a rule: the names that the rule files use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assistant.check import (
    eligibility,
    form,
    images,
    kpi_arithmetic,
    kpi_catalog,
    kpi_consistency,
    kpi_plausibility,
    materials,
    periods,
    scenes,
    tiers,
)
from assistant.check.verdict import Evaluate

EVALUATORS: Mapping[str, Evaluate] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            eligibility.registration,
            eligibility.legal_person,
            eligibility.above_scale,
            eligibility.accident,
            eligibility.must_be_false,
            tiers.maturity_level,
            tiers.digital_score,
            tiers.benchmark,
            tiers.set_aside,
            tiers.prior_tier,
            scenes.scene_catalog,
            scenes.coverage,
            scenes.scene_count,
            scenes.tier_descriptor,
            scenes.ai_ratio,
            periods.cooldown,
            periods.renewal,
            periods.renewal_unregulated,
            periods.deadline,
            materials.sections,
            materials.attachment,
            form.factory_name,
            form.industry,
            form.uscc,
            form.phone,
            form.word_count,
            form.font_family,
            form.exact_points,
            images.image_count,
            images.image_bytes,
            images.image_pixels,
            images.image_marks,
            kpi_catalog.kpi_catalog,
            kpi_arithmetic.kpi_arithmetic,
            kpi_consistency.kpi_consistency,
            kpi_plausibility.kpi_plausibility,
        )
    }
)
