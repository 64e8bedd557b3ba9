"""Run every benchmark of this folder, one process each: ``python -m benchmarks [NAME ...]``."""

import pkgutil
import subprocess
import sys
import time

import benchmarks


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all in alphabetical order; 1 if one failed, 2 for an unknown name."""
    # Folders hold what the benchmarks share.
    modules = [module for module in pkgutil.iter_modules(benchmarks.__path__) if not module.ispkg]
    known = [module.name for module in modules if module.name != "__main__"]
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no benchmark: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or known:
        print(f"== {name} ==", flush=True)
        begun = time.perf_counter()
        # Own processes: no benchmark warms another's caches, and solvers that do not bear each other stay
        # apart.
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
        print(f"-- {name}: {time.perf_counter() - begun:.1f} s\n", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
