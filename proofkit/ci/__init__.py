"""What continuous integration wants of a check: JUnit, SARIF, annotations, baselines, mutants."""
