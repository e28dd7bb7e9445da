"""The repository itself: linters, docs, benchmarks, measures."""
