"""Triage: the queue, reviewers' decisions, panels, agreement, the audit trail, and the store behind them."""

from __future__ import annotations
