"""Benchmarks: ratios against named baselines, run side by side so that a noisy machine disturbs both
alike."""
