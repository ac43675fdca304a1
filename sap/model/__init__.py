"""What every part of a plan is made of: variables, clauses, derivations, windows, rules and steps."""
