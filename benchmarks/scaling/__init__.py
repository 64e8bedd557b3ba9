"""What `benchmarks.scale` compares, each contender in a process of its own, so that none warms another's caches,
memory is its own, and solvers that cannot live in one process stay apart."""
