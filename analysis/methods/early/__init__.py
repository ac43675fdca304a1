"""Early-phase designs: two stages of one arm, and the dose that is tolerated."""
