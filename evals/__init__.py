"""Regression evals: suites of labelled cases, scoring, comparison with a blessed baseline.

Sees only what a user sees: the front door of :mod:`assistant`.
"""
