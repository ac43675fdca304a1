"""The provenance of a run that never was."""

from analysis.results.provenance import CodeSource, DataSource, PlanSource, Provenance

PROVENANCE = Provenance(
    plan=PlanSource(id="SAP-X", version="1.2", sha256="a1" * 32),
    data=(
        DataSource(dataset="ADSL", file="adsl.csv", sha256="b2" * 32, rows=10, columns=24),
        DataSource(dataset="ADAE", file="adae.csv", sha256="c3" * 32, rows=74, columns=12),
    ),
    data_sha256="d4" * 32,
    code=CodeSource(version="0.1.0", sha256="e5" * 32, commit="f6" * 20, tree="07" * 20),
    python="3.11.7",
    libraries={"numpy": "2.4.6", "scipy": "1.17.1", "typer": "0.29.2"},
    engine="Quarto 1.11.0",
    state="sealed",
    seal="18" * 32,
    sealed_at="2026-01-31T12:00:00Z",
)
"""Of a sealed run."""
