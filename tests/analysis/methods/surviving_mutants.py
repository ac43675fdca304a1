"""Change the statistical methods on purpose, one small change at a time, and count the changes no test notices.

`make mutants` runs this file: mutmut breaks `analysis/methods/` (a `<` becomes `<=`, a `+` a `-`, an argument None) and runs
those tests of `tests/analysis/methods/` that reach the changed function. A change that every test passes has survived.
`make mutants MODULE=clopper_pearson` looks at one module and shows what survived there; `make mutants SAMPLE=1000` tries so
many changes, drawn with a fixed seed. All changes take about half an hour on two cores.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

MUTMUT = Path(sys.executable).with_name("mutmut")
PACKAGE = "analysis.methods."
LARGEST_SHARE = 0.10
SEED = 1
# The same random examples every time, and one thread each: the processes share the cores already.
ENVIRONMENT = os.environ | {"CI": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def mutmut(*arguments):
    subprocess.run([MUTMUT, *arguments], check=True, env=ENVIRONMENT)


def outcomes():
    """Return what became of each mutant, by its name."""
    listing = subprocess.run(
        [MUTMUT, "results", "--all", "true"], check=True, capture_output=True, text=True, env=ENVIRONMENT
    )
    return dict(line.strip().split(": ", 1) for line in listing.stdout.splitlines() if PACKAGE in line)


def try_mutants(module, sample):
    """Run the mutants asked for and return what became of each."""
    # What an earlier run kept may be of other tests.
    shutil.rmtree("mutants", ignore_errors=True)
    if module:
        mutmut("run", f"{module}.*")
        return {name: outcome for name, outcome in outcomes().items() if name.startswith(f"{module}.")}
    if not sample:
        mutmut("run")
        return outcomes()
    # The names of the mutants are known once they are made, which needs a run of at least one.
    mutmut("run", f"{PACKAGE}rates.clopper_pearson.x_clopper_pearson__mutmut_1")
    names = sorted(outcomes())
    drawn = sorted(random.Random(SEED).sample(names, min(sample, len(names))))
    print(f"Sampled {len(drawn)} of {len(names)} mutants (seed {SEED}).")
    mutmut("run", *drawn)
    return {name: outcome for name, outcome in outcomes().items() if name in set(drawn)}


def survived(outcome):
    return outcome in {"survived", "no tests"}


def print_table(results):
    """Print the surviving share by module and return that of all."""
    by_module = defaultdict(Counter)
    for name, outcome in results.items():
        by_module[name.removeprefix(PACKAGE).rpartition(".")[0]]["survived" if survived(outcome) else outcome] += 1
    total = sum(by_module.values(), Counter())
    print(f"\n{'module':<28}{'mutants':>8}{'killed':>8}{'timeout':>8}{'other':>8}{'survived':>9}{'share':>8}")
    for module, counts in [*sorted(by_module.items()), ("all", total)]:
        tried = counts.total()
        known = [counts[outcome] for outcome in ("killed", "timeout", "survived")]
        row = [tried, *known[:2], tried - sum(known)]
        print(f"{module:<28}{''.join(f'{n:>8}' for n in row)}{known[2]:>9}{known[2] / tried:>8.1%}")
    return total["survived"] / total.total()


def main():
    parser = argparse.ArgumentParser(description="Count the changes to the statistical methods that no test notices.")
    parser.add_argument("--module", default="", help="one module of analysis/methods, without .py")
    parser.add_argument("--sample", default="", help="number of changes to try")
    asked = parser.parse_args()
    found = sorted(Path("analysis/methods").rglob(f"{asked.module}.py")) if asked.module else []
    if asked.module and not found:
        return f"There is no {asked.module}.py in analysis/methods: name a module there, without .py."
    results = try_mutants(".".join(found[0].with_suffix("").parts) if found else "", int(asked.sample or 0))
    if asked.module:
        for name in sorted(name for name, outcome in results.items() if survived(outcome)):
            mutmut("show", name)
    share = print_table(results)
    if share > LARGEST_SHARE:
        return f"{share:.1%} of the changes survived, more than {LARGEST_SHARE:.0%}: `{MUTMUT} show NAME` shows one."
    return None


if __name__ == "__main__":
    sys.exit(main())
